import type { ReceiptQueue } from "../algorithm/rows.ts";
import type { ReceiptSender, WaitingReceipt } from "../receipt.ts";
import type { ReceiptTable } from "./table_rows.ts";

/** The receipts of all apps in the memory of this process. */
export class MemoryReceipts implements ReceiptTable {
  // An app whose queue is empty is kept, because there are few.
  readonly #queues = new Map<string, ReceiptQueue>();

  of(app: string): ReceiptQueue {
    const found = this.#queues.get(app);
    if (found) return found;
    const queue = new MemoryQueue();
    this.#queues.set(app, queue);
    return queue;
  }
}

// So many that were removed are kept before the rest is moved.
const MOST_REMOVED = 1_000;

class MemoryQueue implements ReceiptQueue {
  sender: ReceiptSender | undefined;
  #receipts: (WaitingReceipt | undefined)[] = [];
  #removed = 0;

  get count(): number {
    return this.#receipts.length - this.#removed;
  }

  oldest(count: number): WaitingReceipt[] {
    return this.#receipts.slice(this.#removed, this.#removed + count) as WaitingReceipt[];
  }

  add(receipt: WaitingReceipt): void {
    this.#receipts.push(receipt);
  }

  remove(count: number): void {
    this.#receipts.fill(undefined, this.#removed, this.#removed + count);
    this.#removed += count;
    if (this.#removed < MOST_REMOVED && this.count > 0) return;
    this.#receipts = this.#receipts.slice(this.#removed);
    this.#removed = 0;
  }
}
