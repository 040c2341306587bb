/** A timer that {@link TimerWheel.start} made. */
export interface Timer {
  readonly due: number;
  readonly callback: () => void;
  /** The timers that are checked together with it. */
  readonly slot: Timer[];
  /** Its index in the slot; -1 when it no longer runs. */
  index: number;
}

// Limits are in seconds, so being this late does no harm.
const STEP_MS = 25;
const SLOTS = 1024;

/**
 * One timer of the runtime that looks after any number of timers: a hashed timing wheel (Varghese and
 * Lauck, 1987). Every exchange starts several timers and stops nearly all of them before they are due.
 * The wheel checks one slot at each step: it holds the timers that are due then, or some turns of the
 * wheel later. That costs a tenth of as many timers of the runtime.
 */
export class TimerWheel {
  /** The wheel's clock: monotonic, in milliseconds. */
  readonly now: () => number;
  // Arrays and no Sets: an entry that was deleted from an old Set outlives the next garbage collection,
  // together with all that it refers to.
  readonly #slots: readonly Timer[][] = Array.from({ length: SLOTS }, () => []);
  #running = 0;
  // The last slot that was checked.
  #position = 0;
  // Set from the first timer on until a step finds none. A callback may start a timer meanwhile.
  #step: ReturnType<typeof setTimeout> | undefined;

  /** @param now a monotonic clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * Calls back once, up to 50 ms late.
   *
   * @param callback called once
   * @param ms how long to wait, in milliseconds
   */
  start(callback: () => void, ms: number): Timer {
    const now = this.now();
    if (!this.#step) {
      this.#position = Math.floor(now / STEP_MS);
      this.#scheduleStep();
    }
    this.#running++;
    const due = now + ms;
    const slot = this.#slotAt(Math.floor(due / STEP_MS) + 1);
    const timer = { due, callback, slot, index: slot.length };
    slot.push(timer);
    return timer;
  }

  /** Stops a timer, if there is one and it still runs. */
  stop(timer: Timer | undefined): void {
    if (!timer || timer.index < 0) return;
    const { slot, index } = timer;
    const last = slot.pop()!;
    if (last !== timer) {
      slot[index] = last;
      last.index = index;
    }
    timer.index = -1;
    this.#running--;
  }

  #scheduleStep(): void {
    this.#step = setTimeout(() => this.#advance(), STEP_MS);
  }

  #advance(): void {
    const now = this.now();
    const reached = Math.floor(now / STEP_MS);
    try {
      for (; this.#position < reached; this.#position++) {
        this.#fireDue(this.#slotAt(this.#position + 1), now);
      }
    } finally {
      this.#step = undefined;
      if (this.#running > 0) this.#scheduleStep();
    }
  }

  #fireDue(slot: readonly Timer[], now: number): void {
    for (const timer of slot.filter(({ due }) => due <= now)) {
      // A timer that fired before it may have stopped it.
      if (timer.index < 0) continue;
      this.stop(timer);
      timer.callback();
    }
  }

  #slotAt(number: number): Timer[] {
    return this.#slots[number % SLOTS]!;
  }
}
