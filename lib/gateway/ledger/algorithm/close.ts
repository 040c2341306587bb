import type { ReportedKind } from "../forms/counter.ts";
import type { Closed, ReleaseOperation, Report, SettleOperation } from "../store.ts";
import { changeAmount, KEPT_MS } from "./counters.ts";
import { queueReceipt, withReceipt } from "./receipts.ts";
import type { AmountsRow, Moment, OpenRow, ReservedAmount, Rows } from "./rows.ts";

// A reservation that arrives later than this after its release is not expected.
const MARK_MS = 900_000;

/**
 * Ends a reservation and charges what was used. A reservation that was swept is charged by the report
 * instead, once, in counters whose period has not ended since.
 *
 * @param rows of the app
 * @param operation the reservation and the report
 * @param at the store's time
 */
export function settle(rows: Rows, operation: SettleOperation, at: Moment): Closed {
  const { owner, id, report, receipt } = operation;
  const open = rows.open(owner, id);
  if (open) {
    for (const held of open) end(rows, held, chargeOf(held, report), at);
    rows.deleteOpen(owner, id);
    const charged = () => chargedFor(open, report);
    queueReceipt(rows, open, { id, revision: 1, end: "settled", charged, text: receipt }, at);
    return closed("open", overrunOf(open, report));
  }
  const swept = rows.past(id)?.charged;
  if (!swept) return closed("unknown");
  for (const charged of swept) correct(rows, charged, chargeOf(charged, report), at);
  rows.deletePast(id);
  const charged = () => chargedFor(swept, report);
  queueReceipt(rows, swept, { id, revision: 2, end: "settled", charged, text: receipt }, at);
  return closed("swept", overrunOf(swept, report));
}

/**
 * Ends a reservation of which nothing was sent, and gives back all but rates. A release that arrives before its
 * reservation makes the reservation void.
 *
 * @param rows of the app
 * @param operation the reservation
 * @param at the store's time
 */
export function release(rows: Rows, operation: ReleaseOperation, at: Moment): Closed {
  const { owner, id, receipt } = operation;
  const released = { id, end: "released", charged: () => ({}), text: receipt } as const;
  const open = rows.open(owner, id);
  if (open) {
    for (const held of open) end(rows, held, 0, at);
    rows.deleteOpen(owner, id);
    queueReceipt(rows, open, { ...released, revision: 1 }, at);
    return closed("open");
  }
  const swept = rows.past(id)?.charged;
  if (swept) {
    for (const charged of swept) correct(rows, charged, 0, at);
    queueReceipt(rows, swept, { ...released, revision: 2 }, at);
  }
  rows.setPast(id, { until: at.now + MARK_MS });
  return closed(swept ? "swept" : "unknown");
}

/**
 * Charges what an open reservation holds, because its owner is gone. It stays known for an hour.
 *
 * @param rows of the app
 * @param reservation the owner, the id and what it holds
 * @param at the store's time
 */
export function chargeWhole(
  rows: Rows,
  { owner, id, open }: { owner: string; id: string; open: OpenRow },
  at: Moment,
): void {
  const charged: ReservedAmount[] = [];
  for (const held of open) {
    const isPlace = held.kind === "concurrent";
    const period = end(rows, held, isPlace ? 0 : held.amount, at);
    if (!isPlace) charged.push({ ...held, end: period });
  }
  rows.deleteOpen(owner, id);
  rows.setPast(id, { charged: withReceipt(charged, open.receipt), until: at.now + KEPT_MS });
  const all = () => chargedFor(open, {});
  queueReceipt(rows, open, { id, revision: 1, end: "swept", charged: all, text: undefined }, at);
}

/** @returns the end of the period in which it is charged */
function end(rows: Rows, held: ReservedAmount, charge: number, at: Moment): number {
  return changeAmount(rows, held, { settled: charge, reserved: -held.amount }, at);
}

function correct(rows: Rows, charged: ReservedAmount, charge: number, at: Moment): void {
  // The counter is forgotten, and one with its name would be another.
  if (charged.until !== undefined && charged.until <= at.now) return;
  const settled = charge - charged.amount;
  changeAmount(rows, charged, { settled, reserved: 0, inPeriod: charged.end }, at);
}

/** What is charged for an amount. A report that is no amount counts as absent. */
function chargeOf({ kind, amount }: ReservedAmount, report: Report): number {
  if (kind === "concurrent") return 0;
  if (kind === "uses") return amount;
  const used = report[kind];
  return isReport(used) ? used : amount;
}

function isReport(used: number | undefined): used is number {
  return Number.isSafeInteger(used) && used! >= 0;
}

/** What is charged in all for each kind of amount, at most over all scopes. */
function chargedFor(held: AmountsRow, report: Report): Report {
  const charged: { [Kind in ReportedKind]?: number } = {};
  for (const amount of held) {
    const { kind } = amount;
    if (kind === "uses" || kind === "concurrent") continue;
    charged[kind] = Math.max(charged[kind] ?? 0, chargeOf(amount, report));
  }
  return charged;
}

/** By how much the report exceeds the reservation, at most over all scopes. */
function overrunOf(held: AmountsRow, report: Report): Report | undefined {
  let excess: { [Kind in ReportedKind]?: number } | undefined;
  for (const amount of held) {
    const { kind } = amount;
    if (kind === "uses" || kind === "concurrent") continue;
    const over = chargeOf(amount, report) - amount.amount;
    if (over > (excess?.[kind] ?? 0)) excess = { ...excess, [kind]: over };
  }
  return excess;
}

function closed(was: Closed["was"], overrun?: Report): Closed {
  return overrun ? { was, overrun } : { was };
}
