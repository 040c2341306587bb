/** A timer that {@link TimerWheel.start} made. */
export interface Timer {
  readonly due: number;
  readonly callback: () => void;
  /** The timers that are checked together with it. */
  readonly slot: Timer[];
  /** Its index in the slot; -1 when it no longer runs. */
  index: number;
}

/** One timer of the runtime that looks after any number of timers, up to 50 ms late. */
export interface TimerWheel {
  /** The wheel's clock: monotonic, in milliseconds. */
  now: () => number;
  /**
   * Calls back once, up to 50 ms late.
   *
   * @param callback called once
   * @param ms how long to wait, in milliseconds
   */
  start: (callback: () => void, ms: number) => Timer;
  /** Stops a timer, if there is one and it still runs. */
  stop: (timer: Timer | undefined) => void;
}

// Limits are in seconds, so being this late does no harm.
const STEP_MS = 25;
const SLOTS = 1024;

/**
 * Makes a hashed timing wheel (Varghese and Lauck, 1987). Every exchange starts several timers and
 * stops nearly all of them before they are due. The wheel checks one slot at each step: it holds the
 * timers that are due then, or some turns of the wheel later. That costs a tenth of as many timers of
 * the runtime.
 *
 * @param now a monotonic clock in milliseconds
 */
export function createTimerWheel(now: () => number = () => performance.now()): TimerWheel {
  // Arrays and no Sets: an entry that was deleted from an old Set outlives the next garbage collection,
  // together with all that it refers to.
  const slots: readonly Timer[][] = Array.from({ length: SLOTS }, () => []);
  let running = 0;
  // The last slot that was checked.
  let position = 0;
  // Set from the first timer on until a step finds none. A callback may start a timer meanwhile.
  let step: ReturnType<typeof setTimeout> | undefined;

  const slotAt = (number: number): Timer[] => slots[number % SLOTS]!;

  function start(callback: () => void, ms: number): Timer {
    const started = now();
    if (!step) {
      position = Math.floor(started / STEP_MS);
      step = setTimeout(advance, STEP_MS);
    }
    running++;
    const due = started + ms;
    const slot = slotAt(Math.floor(due / STEP_MS) + 1);
    const timer = { due, callback, slot, index: slot.length };
    slot.push(timer);
    return timer;
  }

  function stop(timer: Timer | undefined): void {
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

  function advance(): void {
    const time = now();
    const reached = Math.floor(time / STEP_MS);
    try {
      for (; position < reached; position++) fireDueTimers(slotAt(position + 1), time);
    } finally {
      step = running > 0 ? setTimeout(advance, STEP_MS) : undefined;
    }
  }

  function fireDueTimers(slot: readonly Timer[], time: number): void {
    for (const timer of slot.filter(({ due }) => due <= time)) {
      // A timer that fired before it may have stopped it.
      if (timer.index < 0) continue;
      stop(timer);
      timer.callback();
    }
  }

  return { now, start, stop };
}
