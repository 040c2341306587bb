import type { UsageStore } from "../../../gateway/ledger/usage_store.ts";
import type { Activity } from "./activity.ts";
import { addUsage, noUsage, type Usage } from "./usage.ts";
import { type Noted, type NotedTable, notedIn, noteOf } from "./usage_note.ts";
import { MOST_ROWS, type Period, PERIODS } from "./usage_windows.ts";
import { type UsageRow, UsageRows } from "./usage_rows.ts";

/**
 * Whose usage it is: of `all` gateways that share the ledger; of `this` one, because the ledger is not shared; of this
 * one, because the store is `unavailable`.
 */
export const EXTENTS = ["all", "this", "unavailable"] as const;

export type Extent = (typeof EXTENTS)[number];

/** The usage of a period. */
export interface PeriodUsage {
  /** When the period began, in milliseconds since the epoch. */
  from: number;
  rows: readonly UsageRow[];
  gateways: Extent;
}

/** The usage of a day. */
export interface DayUsage {
  /** When the day began, in milliseconds since the epoch. */
  from: number;
  total: Usage;
  gateways: Extent;
}

/** Parts of {@link GatewaysUsage}. */
export interface GatewaysUsageParts {
  activity: Activity;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
  /** Absent: this gateway is the only one. */
  store: UsageStore | undefined;
}

const TICK_MS = 5_000;

// For how long notes that were read are good. Those of the past do not change any more.
const FRESH_MS = { failed: 1_000, current: 2_000, past: 600_000 };

// A little longer than this process keeps them.
const KEPT_MS = { hour: 26 * PERIODS.hour, day: 33 * PERIODS.day };

/** What was read of a period, and until when it is good. */
interface Cached {
  until: number;
  /** Of the other gateways; `undefined` when the store could not be reached. */
  others: Promise<readonly Noted[] | undefined>;
}

/**
 * The usage of apps and models of all gateways that share a ledger. Each notes its own in the store once in 5 seconds, in
 * whole, so that a note that is lost or repeated changes nothing. The store is read when somebody looks.
 */
export class GatewaysUsage {
  readonly #parts: GatewaysUsageParts;
  readonly #gateway = crypto.randomUUID();
  readonly #cache = new Map<string, Cached>();
  /** When the last periods began that were noted after their end. */
  readonly #ended: Partial<Record<Period, number>> = {};
  /** Whether the store had no room for a note, or did not take it. */
  #isMissing = false;
  #timer: Timer | undefined;
  #refresh: () => Promise<void> = async () => {};

  /** @param parts the activity of this gateway, and the store */
  constructor(parts: GatewaysUsageParts) {
    this.#parts = parts;
  }

  /**
   * Begins to note what this gateway does.
   *
   * @param refresh brings its activity up to date
   */
  start(refresh: () => Promise<void>): void {
    if (!this.#parts.store) return;
    this.#refresh = refresh;
    this.#timer = setInterval(() => void this.#noteAll(), TICK_MS);
  }

  /** Notes what is not noted yet, and ends. */
  async stop(): Promise<void> {
    if (this.#timer === undefined) return;
    clearInterval(this.#timer);
    await this.#noteAll();
  }

  /**
   * Returns the usage of a period.
   *
   * @param table of apps or models
   * @param period the kind of period
   * @param back how many periods back; 0 is the current one
   */
  async read(table: NotedTable, period: Period, back: number): Promise<PeriodUsage> {
    const { from, parts, gateways } = await this.#read(table, period, back);
    if (parts.length === 1) return { from, rows: parts[0]!, gateways };
    const merged = new UsageRows(MOST_ROWS);
    for (const rows of parts) for (const row of rows) merged.add(row.names, row);
    return { from, rows: merged.all, gateways };
  }

  /**
   * Returns the usage of all apps on a day.
   *
   * @param back how many days back; 0 is the current one
   */
  async day(back: number): Promise<DayUsage> {
    const { from, parts, gateways } = await this.#read("apps", "day", back);
    const total = noUsage();
    for (const rows of parts) for (const row of rows) addUsage(total, row);
    return { from, total, gateways };
  }

  /** The rows of each gateway. */
  async #read(table: NotedTable, period: Period, back: number) {
    const { activity, store } = this.#parts;
    const { from, rows } = activity.rows(table, period, back);
    const own = { from, parts: [rows] };
    if (!store) return { ...own, gateways: "this" as const };
    const others = await this.#others(periodName(period, from), back);
    if (!others || this.#isMissing) return { ...own, gateways: "unavailable" as const };
    const parts = [rows, ...others.map((noted) => noted[table])];
    return { from, parts, gateways: "all" as const };
  }

  #others(period: string, back: number): Promise<readonly Noted[] | undefined> {
    const now = this.#parts.now();
    for (const [name, { until }] of this.#cache) if (until <= now) this.#cache.delete(name);
    const found = this.#cache.get(period);
    if (found) return found.others;
    const others = this.#readOthers(period);
    const cached = { until: now + (back > 1 ? FRESH_MS.past : FRESH_MS.current), others };
    this.#cache.set(period, cached);
    void others.then((noted) => {
      if (!noted) cached.until = now + FRESH_MS.failed;
    });
    return others;
  }

  async #readOthers(period: string): Promise<readonly Noted[] | undefined> {
    try {
      const texts = Object.entries(await this.#parts.store!.read(period));
      return texts
        .filter(([gateway]) => gateway !== this.#gateway)
        .map(([, text]) => notedIn(text));
    } catch {
      return undefined;
    }
  }

  async #noteAll(): Promise<void> {
    await this.#refresh();
    const periods = (["hour", "day"] as const).flatMap((period) => [
      this.#note(period, 0),
      this.#notePast(period),
    ]);
    this.#isMissing = (await Promise.all(periods)).includes(false);
  }

  /** A period that has ended is noted once more: it may not have been noted to its end. */
  async #notePast(period: Period): Promise<boolean> {
    const { from } = this.#parts.activity.rows("apps", period, 1);
    if (this.#ended[period] === from) return true;
    const isKept = await this.#note(period, 1);
    if (isKept) this.#ended[period] = from;
    return isKept;
  }

  /** Returns whether the store has the note. It is given again what it has, because it may have lost it. */
  async #note(period: Period, back: number): Promise<boolean> {
    const { activity, store } = this.#parts;
    const { from, rows: apps } = activity.rows("apps", period, back);
    if (apps.length === 0) return true;
    const text = noteOf({ apps, models: activity.rows("models", period, back).rows });
    const note = { period: periodName(period, from), gateway: this.#gateway, text };
    return store!.put({ ...note, keptMs: KEPT_MS[period] }).catch(() => false);
  }
}

function periodName(period: Period, from: number): string {
  return `${period}:${from}`;
}
