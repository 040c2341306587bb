import { ok } from "node:assert/strict";
import type { WaitingReceipt } from "../../../../lib/gateway/ledger/receipt.ts";
import type { LedgerStore } from "../../../../lib/gateway/ledger/store.ts";

/** Collects all receipts of an app, as a sender does whose backend takes each of them. */
export async function collectReceipts(store: LedgerStore, app: string): Promise<WaitingReceipt[]> {
  const all: WaitingReceipt[] = [];
  let delivered: WaitingReceipt[] = [];
  do {
    const { receipts } = await store.run({ kind: "collect", app, sender: "a sender", delivered });
    all.push(...receipts);
    delivered = receipts;
  } while (delivered.length > 0);
  return all;
}

/** Checks that each reservation has a receipt, at most one correction, and returns what counts in the end, by its text. */
export function latestReceipts(all: readonly WaitingReceipt[]): Map<string, WaitingReceipt[]> {
  const latest = new Map<string, WaitingReceipt>();
  for (const receipt of all) {
    const before = latest.get(receipt.id);
    ok(receipt.revision === (before ? 2 : 1), `${receipt.id} has revision ${receipt.revision}`);
    ok(
      !before || before.end === "swept",
      `${receipt.id} was corrected after it was ${before?.end}`,
    );
    latest.set(receipt.id, receipt);
  }
  return Map.groupBy(latest.values(), ({ text }) => text);
}
