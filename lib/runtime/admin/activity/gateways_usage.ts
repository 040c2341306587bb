import type { UsageStore } from "../../../gateway/ledger/usage_store.ts";
import type { Activity } from "./activity.ts";
import { OthersUsage } from "./others_usage.ts";
import { OwnUsage } from "./own_usage.ts";
import { addUsage, noUsage, type Usage } from "./usage.ts";
import { type NotedTable, periodName } from "./usage_note.ts";
import { type UsageRow, UsageRows } from "./usage_rows.ts";
import { MOST_ROWS, type Period } from "./usage_windows.ts";

/**
 * Whose usage it is: of `all` gateways that share the ledger; of `this` one, because the ledger is not shared; of this
 * one, because the store is `unavailable`.
 */
export const EXTENTS = ["all", "this", "unavailable"] as const;

/** One of {@link EXTENTS}. */
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

/** The parts of a gateway that shares its ledger. */
interface Shared {
  own: OwnUsage;
  others: OthersUsage;
}

/** The usage of apps and models of all gateways that share a ledger. */
export class GatewaysUsage {
  readonly #activity: Activity;
  readonly #shared: Shared | undefined;

  /** @param parts the activity of this gateway, and the store */
  constructor({ activity, now, store }: GatewaysUsageParts) {
    this.#activity = activity;
    if (!store) return;
    const gateway = crypto.randomUUID();
    this.#shared = {
      own: new OwnUsage({ activity, store, gateway }),
      others: new OthersUsage({ store, gateway, now }),
    };
  }

  /**
   * Begins to note what this gateway does.
   *
   * @param refresh brings its activity up to date
   */
  start(refresh: () => Promise<void>): void {
    this.#shared?.own.start(refresh);
  }

  /** Notes what is not noted yet, and ends. */
  async stop(): Promise<void> {
    await this.#shared?.own.stop();
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
    const { from, rows } = this.#activity.rows(table, period, back);
    const own = { from, parts: [rows] };
    if (!this.#shared) return { ...own, gateways: "this" as const };
    const others = await this.#shared.others.in(periodName(period, from), back);
    if (!others || this.#shared.own.isMissing) {
      return { ...own, gateways: "unavailable" as const };
    }
    const parts = [rows, ...others.map((noted) => noted[table])];
    return { from, parts, gateways: "all" as const };
  }
}
