import type { Refused, ReserveOperation, Reserved } from "../store.ts";
import {
  amountOf,
  blockOf,
  grant,
  planAmount,
  refuseAmount,
  isAmount,
  keepAmount,
  type Plan,
  type Sizes,
  takeAmount,
} from "./amounts.ts";
import { KEPT_MS } from "./counters.ts";
import { withReceipt } from "./receipts.ts";
import { planRate, type RatePlan, setRate } from "./rates.ts";
import type { Moment, ReservedAmount, Rows } from "./rows.ts";

/** How long a lease lasts after a heartbeat, in milliseconds. */
export const LEASE_MS = 45_000;

// The clocks of a signer and of the ledger may differ by this much.
const CLOCK_MS = 2_000;

/**
 * Reserves all demands of an operation or none of them. All counters are read and checked first, and
 * written last.
 *
 * @param rows of the app
 * @param operation the demands
 * @param at the store's time
 */
export function reserve(rows: Rows, operation: ReserveOperation, at: Moment): Reserved | Refused {
  const { id, owner, demands, elastic } = operation;
  const refusal = refuseCredential(operation, rows.born, at.now);
  if (refusal) return refusal;
  if (rows.past(id) || rows.open(owner, id)) return { kind: "refused", code: "void" };
  const plans: Plan[] = [];
  for (const demand of demands) {
    plans.push(
      demand.counter === "rate" ? planRate(rows, demand, at) : planAmount(rows, demand, at),
    );
  }
  const refused = mostFinal(plans, elastic?.least ?? 0);
  if (refused) return refusalOf(rows, { plans, refused, until: untilOf(operation) }, at);
  const sizes = { granted: elastic && grant(plans, elastic), bytes: blockOf(plans) };
  return reservedOf(take(rows, { plans, operation, sizes }, at), sizes);
}

function reservedOf(left: number[], { granted, bytes }: Sizes): Reserved {
  const reserved: Reserved = { kind: "reserved", left };
  if (granted !== undefined) reserved.granted = granted;
  if (bytes !== undefined) reserved.bytes = bytes;
  return reserved;
}

/** A credential that the ledger does not know yet is judged by its times. */
function refuseCredential(
  { credential }: ReserveOperation,
  born: number,
  now: number,
): Refused | undefined {
  if (!credential) return undefined;
  const { issuedAt, expiresAt } = credential;
  if (issuedAt <= born + CLOCK_MS) return { kind: "refused", code: "token_predates_ledger" };
  if (issuedAt > now + CLOCK_MS) return { kind: "refused", code: "token_not_yet_valid" };
  if (expiresAt <= now) return { kind: "refused", code: "token_expired" };
  return undefined;
}

function mostFinal(plans: readonly Plan[], least: number): Refused | undefined {
  let worst: Refused | undefined;
  for (const plan of plans) {
    const refused = isAmount(plan) ? refuseAmount(plan, least) : refuseRate(plan);
    if (refused && (!worst || finality(refused) > finality(worst))) worst = refused;
  }
  return worst;
}

function refuseRate({ waitMs }: RatePlan): Refused | undefined {
  return waitMs > 0 ? { kind: "refused", code: "rate_limited", waitMs } : undefined;
}

function finality({ waitMs = Infinity }: Refused): number {
  return waitMs;
}

/** A refused request takes nothing. Its counters learn its time and its expiry. */
function refusalOf(
  rows: Rows,
  { plans, refused, until }: { plans: readonly Plan[]; refused: Refused; until: number },
  at: Moment,
): Refused {
  for (const plan of plans) {
    if (isAmount(plan)) keepAmount(rows, plan, until, at);
    else if (plan.clampedTat !== undefined) setRate(rows, plan, plan.clampedTat, at);
  }
  if (refused.code !== "budget_reserved" && refused.code !== "too_many_concurrent") return refused;
  const expired = expiredOwners(rows, at.now);
  return expired.length > 0 ? { ...refused, expired } : refused;
}

/** When the counters of the credential may be forgotten. */
function untilOf({ credential }: ReserveOperation): number {
  return credential ? credential.expiresAt + KEPT_MS : 0;
}

/** Returns the owners whose leases have ended. */
export function expiredOwners(rows: Rows, now: number): string[] {
  const expired: string[] = [];
  for (const [owner, end] of rows.leases()) if (end <= now) expired.push(owner);
  return expired;
}

/** @returns what is left for each demand */
function take(
  rows: Rows,
  { plans, operation, sizes }: { plans: Plan[]; operation: ReserveOperation; sizes: Sizes },
  at: Moment,
): number[] {
  const { owner, id, receipt } = operation;
  const { granted = 0, bytes = 0 } = sizes;
  const until = untilOf(operation);
  const held: ReservedAmount[] = [];
  const left: number[] = [];
  for (const plan of plans) {
    if (isAmount(plan)) {
      const amount = amountOf(plan.demand, granted, bytes);
      held.push(takeAmount(rows, plan, { amount, until }, at));
      left.push(plan.free - amount);
    } else {
      setRate(rows, plan, plan.tat, at);
      left.push(plan.left);
    }
  }
  const lease = rows.lease(owner);
  rows.setOpen(owner, id, withReceipt(held, receipt));
  if (lease === undefined) rows.setLease(owner, at.now + LEASE_MS);
  return left;
}
