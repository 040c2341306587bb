import type { Timer, TimerWheel } from "./timer_wheel.ts";

/** Watches one side of an exchange for a stall. */
export interface StallWatch {
  /** Starts a wait for data. */
  wait(): void;
  /** Ends the wait: data arrived. Silence before the next wait does not count. */
  arrived(): void;
  /** Ends the watch. */
  stop(): void;
}

const UNLIMITED: StallWatch = { wait() {}, arrived() {}, stop() {} };

/**
 * Creates a watch that calls back once when a wait has lasted too long. It does not start a timer for each
 * piece of data: a timer that fires early is started again for the rest of the wait.
 *
 * @param timers the wheel that runs the timer
 * @param seconds how long a wait may last; 0 = no limit
 * @param onStall called once
 */
export function watchForStall(
  timers: TimerWheel,
  seconds: number,
  onStall: () => void,
): StallWatch {
  return seconds > 0 ? new LimitedWatch(timers, seconds * 1000, onStall) : UNLIMITED;
}

// Thousands of streams are open for minutes: an object takes a quarter of the memory of as many closures.
class LimitedWatch implements StallWatch {
  readonly #timers: TimerWheel;
  readonly #limit: number;
  readonly #onStall: () => void;
  #waitingSince = Infinity;
  #timer: Timer | undefined;

  constructor(timers: TimerWheel, limit: number, onStall: () => void) {
    this.#timers = timers;
    this.#limit = limit;
    this.#onStall = onStall;
  }

  wait(): void {
    this.#waitingSince = this.#timers.now();
    this.#timer ??= this.#start(this.#limit);
  }

  arrived(): void {
    this.#waitingSince = Infinity;
  }

  stop(): void {
    this.#timers.stop(this.#timer);
  }

  #start(ms: number): Timer {
    return this.#timers.start(() => this.#check(), ms);
  }

  #check(): void {
    const limit = this.#limit;
    const waited = this.#timers.now() - this.#waitingSince;
    if (waited >= limit) return this.#onStall();
    this.#timer = this.#start(waited > 0 ? limit - waited : limit);
  }
}
