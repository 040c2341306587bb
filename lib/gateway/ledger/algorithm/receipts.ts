import {
  COLLECTED_AT_ONCE,
  MOST_WAITING,
  type ReceiptEnd,
  type ReceiptKey,
  type ReceiptSender,
  SENDER_MS,
  WAITING_MS,
} from "../receipt.ts";
import type { Collected, CollectOperation, Report } from "../store.ts";
import type { AmountsRow, Moment, OpenRow, ReceiptQueue, Rows } from "./rows.ts";

/** A receipt before it is queued. */
export interface EndedReceipt extends ReceiptKey {
  end: ReceiptEnd;
  /** Returns what was charged. It is called only where there is a receipt. */
  charged: () => Report;
  /** Its text; `undefined`: that of the reservation. */
  text: string | undefined;
}

/** Returns a list of amounts with what its receipt says. Without a receipt it is the list itself. */
export function withReceipt(held: AmountsRow, receipt: string | undefined): OpenRow {
  return receipt === undefined ? held : Object.assign([...held], { receipt });
}

/**
 * Queues the receipt of a reservation that ends, if it has one. Where too many wait, the oldest is dropped.
 *
 * @param rows of the app
 * @param row what the reservation holds or held
 * @param ended the receipt
 * @param at the store's time
 */
export function queueReceipt(
  { receipts }: Rows,
  row: OpenRow,
  { id, revision, end, charged, text }: EndedReceipt,
  { now }: Moment,
): void {
  if (row.receipt === undefined) return;
  receipts.add({ id, revision, end, charged: charged(), at: now, text: text ?? row.receipt });
  if (receipts.count > MOST_WAITING) drop(receipts, 1);
}

/**
 * Removes receipts that were delivered and returns the next ones, unless another process sends.
 *
 * @param receipts of the app
 * @param operation the process, and what it has delivered
 * @param at the store's time
 */
export function collect(
  receipts: ReceiptQueue,
  { sender: name, delivered, isLast = false }: CollectOperation,
  { now, steadyTime }: Moment,
): Collected {
  removeDelivered(receipts, delivered);
  const { sender } = receipts;
  if (sender && sender.name !== name && mayStillSend(sender, now))
    return { receipts: [], waiting: receipts.count, dropped: 0 };
  dropOld(receipts, (steadyTime?.(now) ?? now) - WAITING_MS);
  const { count } = receipts;
  const dropped = receipts.sender?.dropped ?? 0;
  const sends = count > 0 && !isLast;
  if (sends) receipts.sender = { name, until: now + SENDER_MS, dropped: 0 };
  else if (receipts.sender) receipts.sender = undefined;
  const oldest = sends ? receipts.oldest(COLLECTED_AT_ONCE) : [];
  return { receipts: [...oldest], waiting: count, dropped };
}

/** A time that is far away was set before the clock was put back. */
function mayStillSend({ until }: ReceiptSender, now: number): boolean {
  return until > now && until <= now + 2 * SENDER_MS;
}

/** Another process may have delivered some of them, or they were dropped. */
function removeDelivered(receipts: ReceiptQueue, delivered: readonly ReceiptKey[]): void {
  if (delivered.length === 0) return;
  const keys = new Set(delivered.map(textOf));
  const oldest = receipts.oldest(COLLECTED_AT_ONCE);
  const first = oldest.findIndex((receipt) => !keys.has(textOf(receipt)));
  const count = first < 0 ? oldest.length : first;
  if (count > 0) receipts.remove(count);
}

function textOf({ id, revision }: ReceiptKey): string {
  return `${id}/${revision}`;
}

function dropOld(receipts: ReceiptQueue, before: number): void {
  let count: number;
  do {
    const oldest = receipts.oldest(COLLECTED_AT_ONCE);
    const first = oldest.findIndex(({ at }) => at > before);
    count = first < 0 ? oldest.length : first;
    if (count > 0) drop(receipts, count);
  } while (count === COLLECTED_AT_ONCE);
}

/** A sender that has ended may be told of it, or the next one is. */
function drop(receipts: ReceiptQueue, count: number): void {
  receipts.remove(count);
  const { name, until, dropped } = receipts.sender ?? { name: "", until: 0, dropped: 0 };
  receipts.sender = { name, until, dropped: dropped + count };
}
