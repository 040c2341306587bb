/** A timer that {@link startTimer} made. */
export interface CoarseTimer {
  readonly due: number;
  readonly callback: () => void;
}

// Limits are in seconds; to be this late does no harm.
const STEP_MS = 50;

const running = new Set<CoarseTimer>();
let step: ReturnType<typeof setTimeout> | undefined;

/**
 * Calls back once, up to 50 ms late. Every exchange sets several timers and nearly all are stopped
 * before they are due: one timer of the runtime looks after all of them, at a tenth of the cost.
 *
 * @param callback called once
 * @param ms from now
 */
export function startTimer(callback: () => void, ms: number): CoarseTimer {
  const timer = { due: performance.now() + ms, callback };
  running.add(timer);
  step ??= setTimeout(look, STEP_MS);
  return timer;
}

/** Stops a timer, if there is one. */
export function stopTimer(timer: CoarseTimer | undefined): void {
  if (timer) running.delete(timer);
}

function look(): void {
  const now = performance.now();
  step = undefined;
  try {
    for (const timer of running) {
      if (timer.due > now) continue;
      running.delete(timer);
      timer.callback();
    }
  } finally {
    if (running.size > 0) step ??= setTimeout(look, STEP_MS);
  }
}
