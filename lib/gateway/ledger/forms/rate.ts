/** The unit of time of a rate. */
export type RatePeriod = "s" | "min" | "h" | "day";

/** A limit on requests in time: in any span t at most `burst` + `count` · t / `period`. */
export interface Rate {
  /** The number of requests in one period; at least 1. */
  readonly count: number;
  readonly period: RatePeriod;
  /** The number of requests that may come at once; at least 1. */
  readonly burst: number;
}

const PERIOD_US: Readonly<Record<RatePeriod, number>> = {
  s: 1_000_000,
  min: 60_000_000,
  h: 3_600_000_000,
  day: 86_400_000_000,
};

const FORM = /^([1-9]\d{0,8})\/(s|min|h|day)(?: burst ([1-9]\d{0,8}))?$/;

const MAX_BURST_US = 366 * PERIOD_US.day;

/**
 * Parses a rate such as `10/s` or `60/min burst 5`.
 *
 * @param text `COUNT/PERIOD` or `COUNT/PERIOD burst BURST`, with a period of `s`, `min`, `h` or `day`. The
 *   default burst is a tenth of the count, at least 1.
 * @returns the rate; `undefined` for another form, for more than one request in a microsecond, and for a
 *   burst that takes longer than 366 days to come back
 */
export function parseRate(text: string): Rate | undefined {
  const [, digits, period, burstDigits] = FORM.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  const burst = burstDigits ? Number(burstDigits) : Math.max(1, Math.floor(count / 10));
  const rate = { count, period: period as RatePeriod, burst };
  if (count > PERIOD_US[rate.period] || burst * intervalOf(rate) > MAX_BURST_US) return undefined;
  return rate;
}

/** Returns the time between two requests of a steady client, in whole microseconds, rounded up. */
export function intervalOf({ count, period }: Rate): number {
  return Math.ceil(PERIOD_US[period] / count);
}

/** Returns the name of the counter of a rate. Each rate has a counter of its own. */
export function rateName({ count, period, burst }: Rate): string {
  return `rate ${count}/${period} burst ${burst}`;
}
