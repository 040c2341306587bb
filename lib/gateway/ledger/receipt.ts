import type { ReportedKind } from "./forms/counter.ts";

/** How the reservation of a receipt ended. */
export type ReceiptEnd = "settled" | "released" | "swept";

/** The key of a receipt. */
export interface ReceiptKey {
  /** The id of the reservation. */
  id: string;
  /** 2: it replaces the receipt of a reservation that was swept. */
  revision: 1 | 2;
}

/** A receipt that waits for its backend: what one exchange used. */
export interface WaitingReceipt extends ReceiptKey {
  end: ReceiptEnd;
  /** The amounts that the counters were charged; of several limits of one kind the most. */
  charged: { readonly [Kind in ReportedKind]?: number };
  /** When it was queued, in milliseconds since the epoch. */
  at: number;
  /** The text that the caller of the ledger has for the exchange. The ledger does not read it. */
  text: string;
}

/** The process that sends the receipts of an app. */
export interface ReceiptSender {
  readonly name: string;
  /** When another process may send, in milliseconds since the epoch. */
  readonly until: number;
  /** How many receipts were dropped that no process was told of yet. */
  readonly dropped: number;
}

/** The most receipts of one app that wait. */
export const MOST_WAITING = 10_000;

/** The most receipts that are collected at once. */
export const COLLECTED_AT_ONCE = 100;

/** How long a receipt waits, in milliseconds. */
export const WAITING_MS = 86_400_000;

/** How long one process may send before it asks again, in milliseconds. */
export const SENDER_MS = 30_000;
