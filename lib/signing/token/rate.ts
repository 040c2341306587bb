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

/** The length of each period, in seconds. */
export const PERIOD_SECONDS: Readonly<Record<RatePeriod, number>> = {
  s: 1,
  min: 60,
  h: 3_600,
  day: 86_400,
};

const FORM = /^([1-9]\d{0,8})\/(s|min|h|day)(?: burst ([1-9]\d{0,8}))?$/;

const SECOND_US = 1_000_000;

const MAX_BURST_US = 366 * PERIOD_SECONDS.day * SECOND_US;

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
  const isTooFast = count > PERIOD_SECONDS[rate.period] * SECOND_US;
  return isTooFast || burst * intervalOf(rate) > MAX_BURST_US ? undefined : rate;
}

/** Returns the time between two requests of a steady client, in whole microseconds, rounded up. */
export function intervalOf({ count, period }: Rate): number {
  return Math.ceil((PERIOD_SECONDS[period] * SECOND_US) / count);
}
