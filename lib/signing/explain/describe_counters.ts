import { type Budget, NANO_DOLLARS } from "../token/budget.ts";
import type { CounterLimits, OnAbort } from "../token/counters.ts";
import type { Rate, RatePeriod } from "../token/rate.ts";

/**
 * Describes limits that count.
 *
 * @param limits of a token, a policy, an app or a rule
 * @returns what is allowed by each of them, such as `3 requests in all`
 */
export function describeCounters(limits: CounterLimits): string[] {
  const { uses, rate, concurrent, bytes, tokens, cost } = limits;
  return [
    ...(uses === undefined ? [] : [`${counted(uses, "request")} in all`]),
    ...(rate ? [describeRate(rate)] : []),
    ...(concurrent === undefined ? [] : [`${counted(concurrent, "exchange")} at once`]),
    ...(bytes === undefined ? [] : [`${counted(bytes, "byte")} of responses in all`]),
    ...(tokens ? [`${counted(tokens.limit, "LLM token")} ${periodOf(tokens)}`] : []),
    ...(cost ? [`$${cost.limit / NANO_DOLLARS} ${periodOf(cost)}`] : []),
  ];
}

const ABORTED: Readonly<Record<OnAbort, string>> = {
  charge: "An exchange that is aborted costs all that was reserved for it.",
  drain: "An exchange that is aborted costs what the API reports: its answer is read to the end.",
};

/** Describes what an exchange costs that ends before the API has reported its usage. */
export function describeOnAbort(onAbort: OnAbort): string {
  return ABORTED[onAbort];
}

const PERIODS: Readonly<Record<RatePeriod, string>> = {
  s: "second",
  min: "minute",
  h: "hour",
  day: "day",
};

function describeRate({ count, period, burst }: Rate): string {
  return `${counted(count, "request")} per ${PERIODS[period]} with a burst of ${burst}`;
}

function periodOf({ period }: Budget): string {
  return period === undefined ? "in all" : `per ${period}`;
}

function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? "" : "s"}`;
}
