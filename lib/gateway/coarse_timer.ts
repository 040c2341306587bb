/** A timer that {@link startTimer} made. */
export interface CoarseTimer {
  readonly due: number;
  readonly callback: () => void;
  /** Its place among the running ones; -1 when it runs no more. */
  place: number;
}

// Limits are in seconds; to be this late does no harm.
const STEP_MS = 50;

// No Set: what was taken out of an old one outlives the next garbage collection, with all that it names.
const running: CoarseTimer[] = [];
let step: ReturnType<typeof setTimeout> | undefined;

/**
 * Calls back once, up to 50 ms late. Every exchange sets several timers and nearly all are stopped
 * before they are due: one timer of the runtime looks after all of them, at a tenth of the cost.
 *
 * @param callback called once
 * @param ms from now
 */
export function startTimer(callback: () => void, ms: number): CoarseTimer {
  const timer = { due: performance.now() + ms, callback, place: running.length };
  running.push(timer);
  step ??= setTimeout(look, STEP_MS);
  return timer;
}

/** Stops a timer, if there is one and it runs. */
export function stopTimer(timer: CoarseTimer | undefined): void {
  if (!timer || timer.place < 0) return;
  const last = running.pop()!;
  if (last !== timer) {
    running[timer.place] = last;
    last.place = timer.place;
  }
  timer.place = -1;
}

function look(): void {
  const now = performance.now();
  step = undefined;
  try {
    for (const timer of running.filter(({ due }) => due <= now)) {
      // One that went off before may have stopped it.
      if (timer.place < 0) continue;
      stopTimer(timer);
      timer.callback();
    }
  } finally {
    if (running.length > 0) step ??= setTimeout(look, STEP_MS);
  }
}
