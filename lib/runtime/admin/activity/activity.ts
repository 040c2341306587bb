import { type Latency, Series, type Slot } from "./series.ts";
import { addUsage, type CountedRecord, isError, noUsage, type Usage } from "./usage.ts";
import { type RowQuery, type Rows, UsageWindows } from "./usage_windows.ts";

/** A request that was refused, or failed. */
export interface RefusalEntry {
  /** RFC 3339, in UTC. */
  time: string;
  code: string;
  status: number;
  app: string | null;
  reason: string | null;
  method: string;
  /** Without its query; `null` when it is not known. */
  target: string | null;
  request_id: string;
}

const REFUSALS = 200;
const TEXT = 512;

/** The tables of usage. */
export type Table = "apps" | "subjects" | "models";

/** What the exchanges of this process, or of all its workers, did. */
export class Activity {
  readonly #now: () => number;
  readonly #series = new Series();
  readonly #totals = noUsage();
  readonly #refusals: RefusalEntry[] = [];
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
    return this.#refusals.toReversed();
  }

  /**
   * Counts an exchange.
   *
   * @param record of the exchange
   */
  observe(record: CountedRecord): void {
    if (record.outcome === "preflight") return;
    const now = this.#now();
    addUsage(this.#totals, record);
    this.#series.add(record, now);
    if (record.code !== undefined && isError(record)) this.#note(record, now);
    // Callers choose the id of an unverified request.
    if (record.verifyMs === undefined || record.app === undefined) return;
    const { app, subject, model } = record;
    this.#tables.apps.add([app], record, now);
    if (subject !== undefined) this.#tables.subjects.add([app, subject], record, now);
    if (model !== undefined) this.#tables.models.add([model], record, now);
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
   * Reads a table.
   *
   * @param table which one
   * @param query which rows
   */
  read(table: Table, query: RowQuery): Rows {
    return this.#tables[table].read(query, this.#now());
  }

  #note(record: CountedRecord, now: number): void {
    const { code = "", status, app, reason, method, upstream, requestId } = record;
    this.#refusals.push({
      time: new Date(now).toISOString(),
      code,
      status,
      app: app?.slice(0, TEXT) ?? null,
      reason: reason?.slice(0, TEXT) ?? null,
      method: method.slice(0, TEXT),
      target: upstream?.slice(0, TEXT) ?? null,
      request_id: requestId,
    });
    if (this.#refusals.length > REFUSALS) this.#refusals.shift();
  }
}
