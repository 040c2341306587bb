import { stepOf, STEPS } from "./latency.ts";
import { type RefusalEntry, RefusalLog } from "./refusal_log.ts";
import {
  addExchange,
  addUsage,
  type CountedRecord,
  isError,
  UPSTREAM_STATUS,
  noUsage,
  type Usage,
} from "./usage.ts";
import { type UsageRow, UsageRows } from "./usage_rows.ts";

/** The tables of usage. */
export const TABLES = ["apps", "subjects", "models"] as const;

/** One of {@link TABLES}. */
export type Table = (typeof TABLES)[number];

/** The activity of a short time. It is plain data, which other processes can send. */
export interface ActivitySums {
  /** When the first of them ended, or one before it in the same tick, in milliseconds since the epoch. */
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
  /** When the first exchange of its tick ended, in milliseconds since the epoch. */
  readonly at: number;
  readonly #codes = new Map<string, number>();
  readonly #heads = new Uint32Array(STEPS);
  readonly #refusals = new RefusalLog();
  readonly #unverified = noUsage();
  /** By app and end user. The rows of apps and the total are made of these when the sums are wanted. */
  readonly #verified = new UsageRows(MOST_ROWS);
  readonly #models = new UsageRows(MOST_ROWS);

  /**
   * @param now returns the current time in milliseconds since the epoch
   * @param at when the first exchange of its tick ended, in milliseconds since the epoch
   */
  constructor(now: () => number, at: number) {
    this.#now = now;
    this.at = at;
  }

  /**
   * Counts an exchange.
   *
   * @param record of the exchange
   */
  observe(record: CountedRecord): void {
    const { app, subject, model, rule, headMs, verifyMs } = record;
    const { code = isError(record) ? UPSTREAM_STATUS : undefined } = record;
    if (code !== undefined) this.#countCode(code, record);
    if (rule !== undefined && headMs !== 0) this.#heads[stepOf(headMs)]! += 1;
    // Callers choose the id of an unverified request.
    if (verifyMs === undefined || app === undefined) return addExchange(this.#unverified, record);
    addExchange(this.#verified.row(app, subject), record);
    if (model !== undefined) addExchange(this.#models.row(model), record);
  }

  /** Whether nothing was counted. */
  get isEmpty(): boolean {
    return this.#unverified.requests === 0 && this.#verified.isEmpty;
  }

  /** Whether the next name might have no row of its own. */
  get isFull(): boolean {
    return this.#verified.isFull || this.#models.isFull;
  }

  /** The sums. */
  get sums(): ActivitySums {
    const total = { ...this.#unverified };
    const apps = new UsageRows(MOST_ROWS);
    const rows = this.#verified.all;
    for (const row of rows) {
      addUsage(total, row);
      apps.add([row.names[0]!], row);
    }
    const subjects = rows.filter(({ names }) => names.length > 1);
    return {
      at: this.at,
      total,
      codes: [...this.#codes],
      heads: [...this.#heads.entries()].filter(([, count]) => count > 0),
      refusals: this.#refusals.entries,
      tables: { apps: apps.all, subjects, models: this.#models.all },
    };
  }

  #countCode(code: string, record: CountedRecord): void {
    this.#codes.set(code, (this.#codes.get(code) ?? 0) + 1);
    if (isError(record)) this.#refusals.note(code, record, this.#now());
  }
}
