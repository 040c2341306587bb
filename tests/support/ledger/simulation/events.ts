/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Event {
  at: number;
  order: number;
  run: () => unknown;
}

/** Simulated time: events run one after the other, each with everything that it makes ready to run. */
export class Events {
  /** Milliseconds since the start. */
  now = 0;
  #order = 0;
  readonly #events: Event[] = [];

  /** Runs something after some milliseconds. Time stands still until a promise of it is kept. */
  after(ms: number, run: () => unknown): void {
    const event = { at: this.now + Math.max(0, ms), order: this.#order++, run };
    let index = this.#events.length;
    while (index > 0 && isBefore(event, this.#events[index - 1]!)) index--;
    this.#events.splice(index, 0, event);
  }

  /** Runs all events up to a time, and `onEach` after each of them. */
  async runUntil(end: number, onEach: () => unknown): Promise<void> {
    for (let event = this.#events[0]; event && event.at <= end; event = this.#events[0]) {
      this.#events.shift();
      this.now = event.at;
      await event.run();
      await settled();
      await onEach();
    }
    this.now = end;
  }
}

function isBefore(one: Event, other: Event): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}

/** Resolves when nothing is left to run but events. */
function settled(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
