import { PERIOD_SECONDS } from "../../signing/verify.ts";
import type { CounterDemand } from "./demand.ts";
import type { CounterKind } from "./forms/counter.ts";
import { utcCalendar } from "./forms/period.ts";
import type { LedgerErrorCode } from "./ledger_error.ts";

/**
 * The values of `RateLimit` and `RateLimit-Policy`, which tell the client how much of one limit remains
 * (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/10/).
 */
export type RateLimitFields = Readonly<Record<"RateLimit" | "RateLimit-Policy", string>>;

/** The unit of each counter. Requests are the default of the draft. */
const UNITS: Readonly<Partial<Record<CounterKind, string>>> = {
  concurrent: "concurrent-requests",
  bytes: "content-bytes",
  tokens: "tokens",
  cost: "micro-dollars",
};

// RFC 9651, section 3.3.1: the largest integer of a structured field.
const MAX_INTEGER = 999_999_999_999_999;

const NANO_PER_MICRO = 1000;

/**
 * Finds the limit that will be used up first: the one with the smallest share left.
 *
 * @param demands of the request
 * @param left the amounts that are left, in the order of the demands
 * @param now milliseconds since the epoch
 * @returns `undefined` when there is no demand
 */
export function tightestLimit(
  demands: readonly CounterDemand[],
  left: readonly number[],
  now: number,
): RateLimitFields | undefined {
  let tightest = 0;
  let smallest = Infinity;
  for (const [index, demand] of demands.entries()) {
    const part = left[index]! / (sizeOf(demand) || 1);
    if (part < smallest) [smallest, tightest] = [part, index];
  }
  const demand = demands[tightest];
  return demand && fieldsOf(demand, { left: left[tightest]!, resetMs: untilReset(demand, now) });
}

/** The counter that each code names. Another code may be about several of them. */
const REFUSED: Readonly<Partial<Record<LedgerErrorCode, CounterKind>>> = {
  uses_exhausted: "uses",
  bytes_exhausted: "bytes",
  tokens_exhausted: "tokens",
  cost_exhausted: "cost",
  rate_limited: "rate",
  too_many_concurrent: "concurrent",
};

/**
 * Describes the limit that refused a request.
 *
 * @param demands of the request
 * @param refused the code, and the time after which a retry may succeed
 * @param now milliseconds since the epoch
 * @returns `undefined` when it is not known which limit that was
 */
export function refusingLimit(
  demands: readonly CounterDemand[],
  { code, retryAfterMs }: { code: LedgerErrorCode; retryAfterMs?: number | undefined },
  now: number,
): RateLimitFields | undefined {
  const kind = REFUSED[code];
  const candidates = demands.filter(({ counter }) => counter === kind);
  const [demand, ...others] = candidates;
  if (!demand || others.length > 0) return undefined;
  return fieldsOf(demand, { left: 0, resetMs: retryAfterMs ?? untilReset(demand, now) });
}

function sizeOf(demand: CounterDemand): number {
  return demand.counter === "rate" ? demand.limit.burst : demand.limit;
}

function untilReset(demand: CounterDemand, now: number): number | undefined {
  const period = "period" in demand ? demand.period : undefined;
  return period === undefined ? undefined : utcCalendar(period, now) - now;
}

function fieldsOf(
  demand: CounterDemand,
  { left, resetMs }: { left: number; resetMs: number | undefined },
): RateLimitFields {
  const { counter } = demand;
  const quota = counter === "rate" ? demand.limit.count : demand.limit;
  const reset = resetMs === undefined ? "" : `;t=${Math.ceil(resetMs / 1000)}`;
  const unit = UNITS[counter];
  const window = windowOf(demand);
  return {
    RateLimit: `"${counter}";r=${amountOf(counter, left)}${reset}`,
    "RateLimit-Policy": [
      `"${counter}";q=${amountOf(counter, quota)}`,
      ...(unit === undefined ? [] : [`qu="${unit}"`]),
      ...(window === undefined ? [] : [`w=${window}`]),
    ].join(";"),
  };
}

/** In seconds. Months differ in their length. */
function windowOf(demand: CounterDemand): number | undefined {
  if (demand.counter === "rate") return PERIOD_SECONDS[demand.limit.period];
  return "period" in demand && demand.period === "day" ? PERIOD_SECONDS.day : undefined;
}

function amountOf(counter: CounterKind, amount: number): number {
  const units = counter === "cost" ? Math.floor(amount / NANO_PER_MICRO) : amount;
  return Math.min(Math.max(units, 0), MAX_INTEGER);
}
