import { amountName, type CounterDemand, type Elastic, type RateDemand } from "../demand.ts";
import type { Refused } from "../store.ts";
import { amountCounter, keptUntil, withCounter } from "./counters.ts";
import type { RatePlan } from "./rates.ts";
import type { AmountCounter, Moment, ReservedAmount, Rows } from "./rows.ts";
import { isCredentialScope } from "../forms/scope.ts";

type AmountDemand = Exclude<CounterDemand, RateDemand>;

/** A demand and the state of its counter. */
export interface AmountPlan {
  demand: AmountDemand;
  /** The counter before the reservation, with the past period ended. */
  counter: AmountCounter;
  /** The rest that is neither settled nor reserved. */
  free: number;
}

/** The demands of an exchange and the state of their counters. */
export type Plan = AmountPlan | RatePlan;

/** The sizes that a reservation chooses by the rest of its limits. */
export interface Sizes {
  /** The output cap. `undefined`: the operation is not elastic. */
  granted: number | undefined;
  /** The block of bytes. `undefined`: no demand counts bytes. */
  bytes: number | undefined;
}

const MIN_BLOCK = 4_096;
const MAX_BLOCK = 1_048_576;

// A cap that nobody asked for is not lowered below this, where so much is left.
const USUAL_OUTPUT = 4_096;

// Nobody knows when an open reservation ends.
const RESERVED_WAIT_MS = 1_000;

/** Compares a demand with its counter. */
export function planAmount(rows: Rows, demand: AmountDemand, at: Moment): AmountPlan {
  const counter = amountCounter(rows.scope(demand.scope), amountName(demand), at);
  return { demand, counter, free: demand.limit - counter.settled - counter.reserved };
}

/** Returns why a demand cannot be met; `undefined` when it can. */
export function refuseAmount(
  { demand, counter, free }: AmountPlan,
  least: number,
): Refused | undefined {
  const need = amountOf(demand, least, 1);
  if (free >= need) return undefined;
  const kind = demand.counter;
  if (kind === "concurrent") return busy("too_many_concurrent");
  if (kind === "uses" || demand.limit - counter.settled < need) {
    return { kind: "refused", code: `${kind}_exhausted` };
  }
  return busy("budget_reserved");
}

/** Returns what a demand takes, with the output cap and the block of bytes. */
export function amountOf(demand: AmountDemand, granted: number, bytes: number): number {
  if (demand.counter === "bytes") return bytes;
  return "fixed" in demand ? demand.fixed + (demand.unit ?? 0) * granted : 1;
}

/** Returns the largest output cap that all demands can meet. Each of them can meet `least`. */
export function grant(plans: readonly Plan[], { least, most, isAsked }: Elastic): number {
  let room = Infinity;
  for (const plan of plans) {
    if (!isAmount(plan) || !("fixed" in plan.demand) || !plan.demand.unit) continue;
    room = Math.min(room, Math.floor((plan.free - plan.demand.fixed) / plan.demand.unit));
  }
  const share = isAsked ? room : Math.max(Math.floor(room / 2), Math.min(USUAL_OUTPUT, room));
  return Math.max(least, Math.min(most, share));
}

/** Returns the next block of bytes that all demands can meet; `undefined` when none counts bytes. */
export function blockOf(plans: readonly Plan[]): number | undefined {
  let free: number | undefined;
  for (const plan of plans) {
    if (plan.demand.counter === "bytes" && isAmount(plan)) {
      free = Math.min(free ?? Infinity, Math.max(plan.free, 0));
    }
  }
  if (free === undefined) return undefined;
  return Math.min(free, Math.max(MIN_BLOCK, Math.min(MAX_BLOCK, Math.floor(free / 8))));
}

/**
 * Takes an amount from a counter.
 *
 * @param rows of the app
 * @param plan of the demand
 * @param taken the amount, and when the counter may be forgotten if it is in the scope of a credential
 * @param at the store's time
 * @returns the amount as the open reservation holds it
 */
export function takeAmount(
  rows: Rows,
  { demand, counter }: AmountPlan,
  { amount, until = 0 }: { amount: number; until?: number | undefined },
  at: Moment,
): ReservedAmount {
  const { scope, counter: kind } = demand;
  const { name, settled, end } = counter;
  const isByCredential = isCredentialScope(scope);
  const taken = {
    name,
    settled,
    reserved: counter.reserved + amount,
    end,
    until: isByCredential ? Math.max(counter.until, until) : keptUntil(end, at.now),
  };
  rows.setScope(scope, withCounter(rows.scope(scope), taken, at.now));
  if (!isByCredential) return { scope, name, kind, amount };
  return { scope, name, kind, amount, until: taken.until };
}

/**
 * Keeps a counter of a credential for as long as the credential can be used. Another one with the same id may expire
 * earlier.
 *
 * @param rows of the app
 * @param plan of the demand
 * @param until when the counter may be forgotten
 * @param at the store's time
 */
export function keepAmount(
  rows: Rows,
  { demand: { scope }, counter }: AmountPlan,
  until: number,
  at: Moment,
): void {
  if (!isCredentialScope(scope) || counter.until >= until) return;
  rows.setScope(scope, withCounter(rows.scope(scope), { ...counter, until }, at.now));
}

/** Whether a plan is that of an amount, and not of a rate. */
export function isAmount(plan: Plan): plan is AmountPlan {
  return "free" in plan;
}

function busy(code: "budget_reserved" | "too_many_concurrent"): Refused {
  return { kind: "refused", code, waitMs: RESERVED_WAIT_MS };
}
