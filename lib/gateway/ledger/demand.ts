import type { Period } from "./forms/period.ts";
import type { Rate } from "./forms/rate.ts";
import type { Scope } from "./forms/scope.ts";

export type { Elastic } from "../model/bound.ts";

/** A limit that an exchange has to keep, and the amount that it needs of it at most. */
export type CounterDemand = CountDemand | BytesDemand | BudgetDemand | RateDemand;

interface LimitDemand {
  scope: Scope;
  /** The most that may be settled and reserved together: an integer from 0 to 9 · 10^15. */
  limit: number;
}

/** One use, or one place among the open exchanges. */
export interface CountDemand extends LimitDemand {
  counter: "uses" | "concurrent";
}

/**
 * Bytes that go to the client. They are drawn in blocks of an eighth of the remaining bytes, at least 4,096 and at
 * most 1,048,576 bytes. The first block is part of the reservation.
 */
export interface BytesDemand extends LimitDemand {
  counter: "bytes";
}

/** LLM tokens, or their cost in nano-dollars. The amount is `fixed + unit · k`, with k of the `Elastic`. */
export interface BudgetDemand extends LimitDemand {
  counter: "tokens" | "cost";
  /** Absent: the limit holds in all. */
  period?: Period;
  /** The amount that does not depend on the output: the bound of the input, and fees. */
  fixed: number;
  /** The amount of one output token: the multiplicity, for a cost times the price. Default: 0. */
  unit?: number;
}

/** One request at this moment. It is never given back. */
export interface RateDemand {
  scope: Scope;
  counter: "rate";
  limit: Rate;
}

const BUDGET_NAMES = {
  tokens: { day: "tokens/day", month: "tokens/month" },
  cost: { day: "cost/day", month: "cost/month" },
} as const;

/**
 * Returns the name of the counter of an amount in its scope. A budget in all and one in each day are two
 * counters; a budget with another number is the same counter.
 */
export function amountName(demand: Exclude<CounterDemand, RateDemand>): string {
  const period = "period" in demand ? demand.period : undefined;
  if (period === undefined) return demand.counter;
  return BUDGET_NAMES[demand.counter as BudgetDemand["counter"]][period];
}
