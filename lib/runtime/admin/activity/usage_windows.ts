import type { Usage, USAGE_KEYS } from "./usage.ts";
import { type UsageRow, UsageRows } from "./usage_rows.ts";

/** An hour or a day, in milliseconds. */
export const PERIODS = { hour: 3_600_000, day: 86_400_000 } as const;

/** A kind of period. */
export type Period = keyof typeof PERIODS;

/** Which rows are on a page. */
export interface PageQuery {
  sort: (typeof USAGE_KEYS)[number];
  limit: number;
  offset: number;
  /** Which rows. Default: all. */
  matches?: (names: readonly string[]) => boolean;
}

/** The rows of a period. */
export interface PeriodRows {
  /** When the period began, in milliseconds since the epoch. */
  from: number;
  rows: readonly UsageRow[];
}

/** The most rows of a period. What comes beyond it is counted under one row. */
export const MOST_ROWS = 200_000;

/** Usage of many things in each hour and each day, for some of them back. */
export class UsageWindows {
  readonly #kept: Readonly<Record<Period, number>>;
  readonly #windows: Readonly<Record<Period, Map<number, UsageRows>>> = {
    hour: new Map(),
    day: new Map(),
  };

  /** @param kept how many hours and days are kept, the current ones included */
  constructor(kept: Readonly<Record<Period, number>>) {
    this.#kept = kept;
  }

  /**
   * Adds usage to the row of these names.
   *
   * @param names of the row
   * @param usage what is added
   * @param at when it was, in milliseconds since the epoch
   */
  add(names: readonly string[], usage: Readonly<Usage>, at: number): void {
    for (const period of ["hour", "day"] as const) this.#window(period, at).add(names, usage);
  }

  /**
   * Returns all rows of a period.
   *
   * @param period the kind of period
   * @param back how many periods back; 0 is the current one
   * @param now milliseconds since the epoch
   */
  rows(period: Period, back: number, now: number): PeriodRows {
    const from = startOf(period, now) - back * PERIODS[period];
    return { from, rows: this.#windows[period].get(from)?.all ?? [] };
  }

  #window(period: Period, at: number): UsageRows {
    const windows = this.#windows[period];
    const start = startOf(period, at);
    const found = windows.get(start);
    if (found) return found;
    const oldest = start - (this.#kept[period] - 1) * PERIODS[period];
    for (const time of windows.keys()) if (time < oldest) windows.delete(time);
    const added = new UsageRows(MOST_ROWS);
    windows.set(start, added);
    return added;
  }
}

/**
 * Returns a page of rows, the largest first, and how many there are in all.
 *
 * @param all the rows
 * @param query which of them
 */
export function pageOf(
  all: readonly UsageRow[],
  { sort, limit, offset, matches }: PageQuery,
): { total: number; rows: UsageRow[] } {
  const found = matches ? all.filter(({ names }) => matches(names)) : [...all];
  // Of equal rows the one that came first; comparing names would take longer than all the rest.
  found.sort((one, other) => other[sort] - one[sort]);
  return { total: found.length, rows: found.slice(offset, offset + limit) };
}

/** The start of the hour or day (UTC) of a time. */
function startOf(period: Period, now: number): number {
  return Math.floor(now / PERIODS[period]) * PERIODS[period];
}
