import type { Period } from "../../../signing/verify.ts";

export type { Period } from "../../../signing/verify.ts";

/** Returns the end of the period that holds a moment. Both are in milliseconds since the epoch. */
export type Calendar = (period: Period, now: number) => number;

const DAY_MS = 86_400_000;

/**
 * Returns the end of the day or month in UTC that holds a moment.
 *
 * @param period the kind of period
 * @param now the moment, in milliseconds since the epoch
 * @returns the first millisecond after the period
 */
export const utcCalendar: Calendar = (period, now) => {
  if (period === "day") return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
  const date = new Date(now);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
};
