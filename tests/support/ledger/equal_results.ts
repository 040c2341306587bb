import { deepStrictEqual } from "node:assert/strict";
import type { WaitingReceipt } from "../../../lib/gateway/ledger/receipt.ts";

/**
 * A result with the owners whose leases have ended in order, and with its receipts in order: the port leaves open in
 * which order reservations are swept.
 */
export function inOrder(result: unknown): unknown {
  const { expired, receipts } = result as { expired?: string[]; receipts?: WaitingReceipt[] };
  if (receipts) {
    return { ...(result as object), receipts: receipts.toSorted((a, b) => (a.id < b.id ? -1 : 1)) };
  }
  return expired ? { ...(result as object), expired: expired.toSorted() } : result;
}

/** Compares strictly. The message is slow to make, so it is made for what differs alone. */
export function assertEqual(actual: unknown, expected: unknown): void {
  if (!Bun.deepEquals(actual, expected, true)) deepStrictEqual(actual, expected);
}
