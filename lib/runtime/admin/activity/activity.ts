import { type ActivitySums, type Table, TABLES } from "./activity_sums.ts";
import type { Latency } from "./latency.ts";
import { type RefusalEntry, RefusalLog } from "./refusal_log.ts";
import { Series, type Slot } from "./series.ts";
import { addUsage, noUsage, type Usage } from "./usage.ts";
import { type Period, type PeriodRows, UsageWindows } from "./usage_windows.ts";

/** The activity of this process, or of all its workers. */
export class Activity {
  readonly #now: () => number;
  readonly #series = new Series();
  readonly #totals = noUsage();
  readonly #refusals = new RefusalLog();
  readonly #tables: Readonly<Record<Table, UsageWindows>> = {
    apps: new UsageWindows({ hour: 24, day: 31 }),
    models: new UsageWindows({ hour: 24, day: 31 }),
    // There may be very many of them.
    subjects: new UsageWindows({ hour: 2, day: 2 }),
  };

  /** @param now returns the current time in milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** All since the start. */
  get totals(): Readonly<Usage> {
    return this.#totals;
  }

  /** Refusals and failures, the latest first. */
  get refusals(): RefusalEntry[] {
    return this.#refusals.entries.toReversed();
  }

  /**
   * Adds what the exchanges of a process did in a short time.
   *
   * @param sums of them
   */
  add(sums: ActivitySums): void {
    const { at, total, refusals, tables } = sums;
    addUsage(this.#totals, total);
    this.#series.add(sums);
    this.#refusals.add(refusals);
    for (const table of TABLES) {
      for (const row of tables[table]) this.#tables[table].add(row.names, row, at);
    }
  }

  /** The last hour, in slots of ten seconds. */
  slots(): Slot[] {
    return this.#series.slots(this.#now());
  }

  /**
   * Percentiles of the time to first byte.
   *
   * @param lastMs of how long, in milliseconds
   */
  latency(lastMs: number): Latency {
    return this.#series.latency(this.#now(), lastMs);
  }

  /**
   * Returns all rows of a table.
   *
   * @param table which one
   * @param period the kind of period
   * @param back how many periods back; 0 is the current one
   */
  rows(table: Table, period: Period, back: number): PeriodRows {
    return this.#tables[table].rows(period, back, this.#now());
  }
}
