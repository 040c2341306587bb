/** A timer from {@link TimerWheel.start}. */
export interface Timer {
  readonly due: number;
  readonly callback: () => void;
  /** The timers that are checked together with it. */
  readonly slot: Timer[];
  /** Its index in the slot; -1 when it no longer runs. */
  index: number;
}

// Limits are in seconds, so this delay does no harm.
const STEP_MS = 25;
const SLOTS = 1024;

/**
 * Runs any number of timers with one timer of the runtime: a hashed timing wheel (Varghese and Lauck,
 * 1987). Every exchange starts several timers and stops nearly all of them before they are due. The wheel
 * checks one slot at each step. The slot holds the timers that are due at this step, or some turns of the
 * wheel later. This costs a tenth of the same number of runtime timers. Steps whose slots are empty are
 * slept through, so that a timer far away wakes no idle process.
 */
export class TimerWheel {
  /** The wheel's clock: monotonic, in milliseconds. */
  readonly now: () => number;
  // Arrays, not Sets: an entry that was deleted from an old Set survives the next garbage collection,
  // together with everything that it refers to.
  readonly #slots: readonly Timer[][] = Array.from({ length: SLOTS }, () => []);
  #running = 0;
  // The number of the last slot that was checked.
  #position = 0;
  // The number of the slot that is checked next. While slots are checked, none comes before it.
  #next = Infinity;
  // Set while timers run, and while slots are checked. A callback may start a timer then.
  #step: ReturnType<typeof setTimeout> | undefined;

  /** @param now a monotonic clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /**
   * Calls back once, up to 50 ms late.
   *
   * @param callback called once
   * @param ms how long to wait, in milliseconds; a time that is already over counts as 0
   * @returns the timer, for {@link stop}
   */
  start(callback: () => void, ms: number): Timer {
    const now = this.now();
    if (!this.#step) this.#position = Math.floor(now / STEP_MS);
    // A slot of the past would only be checked a turn later.
    const due = now + Math.max(ms, 0);
    const number = Math.floor(due / STEP_MS) + 1;
    const slot = this.#slotAt(number);
    const timer = { due, callback, slot, index: slot.length };
    slot.push(timer);
    this.#running++;
    if (number < this.#next) this.#sleepUntil(number, now);
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
    if (this.#running === 0 && !this.#isChecking) this.#rest();
  }

  get #isChecking(): boolean {
    return this.#next === -Infinity;
  }

  /** Waits for no slot any more: a timer of the runtime would keep a program from ending. */
  #rest(): void {
    clearTimeout(this.#step);
    this.#step = undefined;
    this.#next = Infinity;
  }

  #sleepUntil(number: number, now: number): void {
    clearTimeout(this.#step);
    this.#next = number;
    // The runtime cannot wait for weeks, and after more than a turn slots would be checked twice. Callbacks may have taken
    // until after the slot, and of a negative delay the runtime warns on stderr.
    const delay = Math.max(Math.min(number * STEP_MS - now, SLOTS * STEP_MS), 0);
    this.#step = setTimeout(() => this.#advance(), Math.ceil(delay));
  }

  #advance(): void {
    const now = this.now();
    const reached = Math.floor(now / STEP_MS);
    this.#next = -Infinity;
    try {
      for (; this.#position < reached; this.#position++) {
        this.#fireDue(this.#slotAt(this.#position + 1), now);
      }
    } finally {
      this.#rest();
      // The callbacks may have taken long.
      if (this.#running > 0) this.#sleepUntil(this.#nextOccupied(), this.now());
    }
  }

  /** The number of the first slot after the position that has timers; there must be one. */
  #nextOccupied(): number {
    let number = this.#position + 1;
    while (this.#slotAt(number).length === 0) number++;
    return number;
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
