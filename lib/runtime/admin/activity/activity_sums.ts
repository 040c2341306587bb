import { stepOf, type Steps } from "./latency.ts";
import { type RefusalEntry, RefusalLog } from "./refusal_log.ts";
import { addUsage, type CountedRecord, isError, noUsage, type Usage, usageOf } from "./usage.ts";
import { type UsageRow, UsageRows } from "./usage_rows.ts";

/** The tables of usage. */
export const TABLES = ["apps", "subjects", "models"] as const;

/** One of {@link TABLES}. */
export type Table = (typeof TABLES)[number];

/** The activity of a short time. It is plain data, which other processes can send. */
export interface ActivitySums {
  /** When the first of them ended, in milliseconds since the epoch. */
  at: number;
  total: Usage;
  /** How many had each code. */
  codes: readonly (readonly [string, number])[];
  /** How many times to first byte were in each step. */
  heads: readonly (readonly [number, number])[];
  /** The last 200 refusals and failures. */
  refusals: readonly RefusalEntry[];
  /** The usage of verified exchanges. */
  tables: Readonly<Record<Table, readonly UsageRow[]>>;
}

// To write more at once would stop the process for longer than a few milliseconds.
const MOST_ROWS = 10_000;

/** Sums up exchanges. What it keeps does not grow with their number. */
export class ActivityCounter {
  readonly #now: () => number;
  readonly #at: number;
  readonly #total = noUsage();
  readonly #codes = new Map<string, number>();
  readonly #heads: Steps = new Map();
  readonly #refusals = new RefusalLog();
  readonly #tables: Readonly<Record<Table, UsageRows>> = {
    apps: new UsageRows(MOST_ROWS),
    subjects: new UsageRows(MOST_ROWS),
    models: new UsageRows(MOST_ROWS),
  };

  /** @param now returns the current time in milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now;
    this.#at = now();
  }

  /**
   * Counts an exchange.
   *
   * @param record of the exchange
   */
  observe(record: CountedRecord): void {
    const usage = usageOf(record);
    const { code, rule, headMs, verifyMs, app, subject, model } = record;
    addUsage(this.#total, usage);
    if (code !== undefined) increase(this.#codes, code);
    if (code !== undefined && isError(record)) this.#refusals.note(record, this.#now());
    if (rule !== undefined && headMs !== 0) increase(this.#heads, stepOf(headMs));
    // Callers choose the id of an unverified request.
    if (verifyMs === undefined || app === undefined) return;
    this.#tables.apps.add([app], usage);
    if (subject !== undefined) this.#tables.subjects.add([app, subject], usage);
    if (model !== undefined) this.#tables.models.add([model], usage);
  }

  /** Whether the next name might have no row of its own. */
  get isFull(): boolean {
    const { apps, subjects, models } = this.#tables;
    return apps.isFull || subjects.isFull || models.isFull;
  }

  /** The sums. */
  get sums(): ActivitySums {
    const { apps, subjects, models } = this.#tables;
    return {
      at: this.#at,
      total: this.#total,
      codes: [...this.#codes],
      heads: [...this.#heads],
      refusals: this.#refusals.entries,
      tables: { apps: apps.all, subjects: subjects.all, models: models.all },
    };
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
