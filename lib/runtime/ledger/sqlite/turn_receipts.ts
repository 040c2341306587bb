import type { ReceiptQueue } from "../../../gateway/ledger/algorithm/rows.ts";
import type { ReceiptTable } from "../../../gateway/ledger/memory/table_rows.ts";
import type { ReceiptSender, WaitingReceipt } from "../../../gateway/ledger/receipt.ts";
import type { ReceiptFile } from "./receipt_file.ts";

/** The receipts of all apps, as one turn of the event loop sees them before they are written to the file. */
export class TurnReceipts implements ReceiptTable {
  readonly #file: ReceiptFile;
  readonly #queues = new Map<string, TurnQueue>();
  readonly #changed = new Set<TurnQueue>();

  /** @param file the receipts in the file */
  constructor(file: ReceiptFile) {
    this.#file = file;
  }

  /** Whether there is something to write. */
  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  of(app: string): ReceiptQueue {
    const found = this.#queues.get(app);
    if (found) return found;
    const queue = new TurnQueue(app, this.#file, () => this.#changed.add(queue));
    this.#queues.set(app, queue);
    return queue;
  }

  /** Writes what has changed. It has to be in a transaction. */
  write(): void {
    for (const queue of this.#changed) queue.write();
  }

  /** Keeps the turn: it was written. */
  keep(): void {
    for (const queue of this.#changed) queue.keep();
    this.#changed.clear();
  }

  /** Undoes what has changed since the last {@link keep}. */
  undo(): void {
    for (const queue of this.#changed) queue.undo();
    this.#changed.clear();
  }
}

class TurnQueue implements ReceiptQueue {
  readonly #app: string;
  readonly #file: ReceiptFile;
  readonly #onChange: () => void;
  /** How many are in the file. */
  #saved: number;
  /** How many of those in the file, and then of those that were added, were removed in the turn. */
  #removed = 0;
  #added: WaitingReceipt[] = [];
  // The sender is in memory alone: a process that opens the file knows that all of them have ended.
  #sender: ReceiptSender | undefined;
  #savedSender: ReceiptSender | undefined;

  constructor(app: string, file: ReceiptFile, onChange: () => void) {
    this.#app = app;
    this.#file = file;
    this.#onChange = onChange;
    this.#saved = file.count(app);
  }

  get count(): number {
    return this.#saved + this.#added.length - this.#removed;
  }

  get sender(): ReceiptSender | undefined {
    return this.#sender;
  }

  set sender(sender: ReceiptSender | undefined) {
    this.#sender = sender;
    this.#onChange();
  }

  oldest(count: number): WaitingReceipt[] {
    const left = this.#saved - this.#removed;
    if (left <= 0) return this.#added.slice(-left, count - left);
    const read = this.#file.read(this.#app, this.#removed, Math.min(count, left));
    return [...read, ...this.#added.slice(0, count - read.length)];
  }

  add(receipt: WaitingReceipt): void {
    this.#added.push(receipt);
    this.#onChange();
  }

  remove(count: number): void {
    this.#removed += count;
    this.#onChange();
  }

  write(): void {
    const removed = Math.min(this.#removed, this.#saved);
    if (removed > 0) this.#file.remove(this.#app, removed);
    for (const receipt of this.#added.slice(this.#removed - removed)) {
      this.#file.add(this.#app, receipt);
    }
  }

  keep(): void {
    this.#saved = this.count;
    this.#savedSender = this.#sender;
    this.#endTurn();
  }

  undo(): void {
    this.#sender = this.#savedSender;
    this.#endTurn();
  }

  #endTurn(): void {
    this.#removed = 0;
    this.#added = [];
  }
}
