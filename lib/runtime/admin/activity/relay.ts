import { Batch } from "../../../gateway/record/batch.ts";
import { ActivityCounter, type ActivitySums } from "./activity_sums.ts";
import { type CountedRecord, isError } from "./usage.ts";

/** Parts of {@link ActivityRelay}. */
export interface RelayParts {
  /** Hands sums on, and must not throw. */
  send: (sums: ActivitySums) => void;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
}

/**
 * The time after which a process hands on its sums, in milliseconds, at multiples of it by the clock. A row of a name that
 * comes again within it is written and read once. It divides the slots of the last hour.
 */
export const TICK_MS = 5_000;

/**
 * Sums up the exchanges of this process, and hands the sums on once in 5 seconds if there are any, earlier when they have
 * very many names.
 */
export class ActivityRelay {
  readonly #parts: RelayParts;
  readonly #ended = new Batch((record: CountedRecord) => this.#count(record));
  #counter: ActivityCounter | undefined;
  #timer: Timer | undefined;
  /** When the tick of the counter ends, in milliseconds since the epoch. */
  #tickEnd = 0;

  /** @param parts takes the sums, and the clock */
  constructor(parts: RelayParts) {
    this.#parts = parts;
  }

  /**
   * Counts an exchange.
   *
   * @param record of an exchange that has ended
   */
  observe(record: CountedRecord): void {
    if (record.outcome === "preflight") return;
    // The timer of a busy process is late.
    if (this.#parts.now() >= this.#tickEnd) this.flush();
    this.#counter ??= this.#begin();
    // Those that failed are listed with their time.
    if (isError(record)) this.#count(record);
    else this.#ended.add(record);
  }

  /** Hands on what was counted since the last time. */
  flush(): void {
    this.#ended.empty();
    clearTimeout(this.#timer);
    const counter = this.#counter;
    this.#counter = undefined;
    if (counter && !counter.isEmpty) this.#parts.send(counter.sums);
  }

  #count(record: CountedRecord): void {
    const counter = this.#counter!;
    counter.observe(record);
    if (!counter.isFull) return;
    this.#parts.send(counter.sums);
    // What waits ended in the same tick, whatever the time is when it is counted.
    this.#counter = new ActivityCounter(this.#parts.now, counter.at);
  }

  /** A tick ends at a multiple of its length by the clock, so that no hour gets anything of another. */
  #begin(): ActivityCounter {
    const { now } = this.#parts;
    const start = now();
    const ms = TICK_MS - (start % TICK_MS);
    this.#tickEnd = start + ms;
    this.#timer = setTimeout(() => this.flush(), ms);
    // A process that ends reports by itself.
    this.#timer.unref();
    return new ActivityCounter(now, start);
  }
}
