/** A timer that {@link startTimer} made. */
export interface CoarseTimer {
  readonly due: number;
  readonly callback: () => void;
  /** Those that are looked at together with it. */
  readonly slot: CoarseTimer[];
  /** Its index there; -1 when it runs no more. */
  index: number;
}

// Limits are in seconds; to be this late does no harm.
const STEP_MS = 25;

// A hashed timing wheel (Varghese and Lauck, 1987): at each step one slot is looked at, and in it are the
// timers due then or some turns of the wheel later. No Set: what was taken out of an old one outlives
// the next garbage collection, with all that it names.
const WHEEL: readonly CoarseTimer[][] = Array.from({ length: 1024 }, () => []);

let running = 0;
// The last slot that was looked at.
let position = 0;
// From the first timer on until a look finds none; a callback may start one while it lasts.
let step: ReturnType<typeof setTimeout> | undefined;

/**
 * Calls back once, up to 50 ms late. Every exchange sets several timers and nearly all are stopped
 * before they are due: one timer of the runtime looks after all of them, at a tenth of the cost.
 *
 * @param callback called once
 * @param ms from now
 */
export function startTimer(callback: () => void, ms: number): CoarseTimer {
  const now = performance.now();
  if (!step) {
    position = Math.floor(now / STEP_MS);
    step = setTimeout(look, STEP_MS);
  }
  running++;
  const due = now + ms;
  const slot = slotAt(Math.floor(due / STEP_MS) + 1);
  const timer = { due, callback, slot, index: slot.length };
  slot.push(timer);
  return timer;
}

/** Stops a timer, if there is one and it runs. */
export function stopTimer(timer: CoarseTimer | undefined): void {
  if (!timer || timer.index < 0) return;
  const { slot, index } = timer;
  const last = slot.pop()!;
  if (last !== timer) {
    slot[index] = last;
    last.index = index;
  }
  timer.index = -1;
  running--;
}

function slotAt(place: number): CoarseTimer[] {
  return WHEEL[place % WHEEL.length]!;
}

function look(): void {
  const now = performance.now();
  const reached = Math.floor(now / STEP_MS);
  try {
    for (; position < reached; position++) goOff(slotAt(position + 1), now);
  } finally {
    step = running > 0 ? setTimeout(look, STEP_MS) : undefined;
  }
}

function goOff(slot: readonly CoarseTimer[], now: number): void {
  for (const timer of slot.filter(({ due }) => due <= now)) {
    // One that went off before may have stopped it.
    if (timer.index < 0) continue;
    stopTimer(timer);
    timer.callback();
  }
}
