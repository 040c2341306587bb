import type { CounterDemand } from "../demand.ts";
import type { DrawOperation, Drawn } from "../store.ts";
import { type AmountPlan, blockOf, planAmount, takeAmount } from "./amounts.ts";
import { withReceipt } from "./receipts.ts";
import type { AmountsRow, Moment, OpenRow, Rows } from "./rows.ts";

/**
 * Reserves the next block of bytes for an open reservation, in all of its counters of bytes.
 *
 * @param rows of the app
 * @param operation the reservation and its demands of bytes
 * @param at the store's time
 */
export function draw(rows: Rows, { owner, id, demands }: DrawOperation, at: Moment): Drawn {
  const open = rows.open(owner, id);
  if (!open) return { bytes: 0, left: 0, isOpen: false };
  const plans = demands.map((demand) => planAmount(rows, demand, at));
  const bytes = blockOf(plans) ?? 0;
  const left = Math.max(0, Math.min(...plans.map(({ free }) => free)) - bytes);
  if (bytes > 0) rows.setOpen(owner, id, grow(rows, open, { plans, bytes }, at));
  return { bytes, left, isOpen: true };
}

function grow(
  rows: Rows,
  open: OpenRow,
  { plans, bytes }: { plans: readonly AmountPlan[]; bytes: number },
  at: Moment,
): OpenRow {
  const grown = open.map((held) => {
    const plan = plans.find(({ demand }) => isFor(demand, held));
    if (!plan) return held;
    const taken = takeAmount(rows, plan, { amount: bytes, until: held.until }, at);
    return { ...taken, amount: held.amount + bytes };
  });
  return withReceipt(grown, open.receipt);
}

function isFor({ scope }: CounterDemand, held: AmountsRow[number]): boolean {
  return held.kind === "bytes" && held.scope === scope;
}
