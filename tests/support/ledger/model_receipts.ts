import type { ReceiptEnd, WaitingReceipt } from "../../../lib/gateway/ledger/receipt.ts";
import type { CollectOperation, Report } from "../../../lib/gateway/ledger/store.ts";
import type { Entry } from "./model.ts";
import { chargeOf } from "./model_charge.ts";
import type { TestClock } from "./subject.ts";

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/** How a reservation ended. */
interface Ended {
  id: string;
  /** Absent: it was released. */
  report?: Report;
  receipt: string | undefined;
  end: ReceiptEnd;
}

interface AppReceipts {
  waiting: WaitingReceipt[];
  sender?: { name: string; since: number } | undefined;
  dropped: number;
}

/** The receipts of the model: what waits, who sends, and what was dropped. */
export class ModelReceipts {
  state = new Map<string, AppReceipts>();
  readonly #clock: TestClock;

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  ended(entry: Entry, { id, report, receipt, end }: Ended): void {
    if (entry.receipt === undefined) return;
    const charged: Record<string, number> = {};
    for (const held of report ? entry.held : []) {
      if (["uses", "concurrent"].includes(held.kind)) continue;
      charged[held.kind] = Math.max(charged[held.kind] ?? 0, chargeOf(held, report!));
    }
    const app = this.#of(entry.app);
    app.waiting.push({
      ...{ id, revision: entry.sweptUntil ? 2 : 1, end, charged },
      at: this.#clock.now,
      text: receipt ?? entry.receipt,
    });
    if (app.waiting.length <= 10_000) return;
    app.waiting.shift();
    app.dropped++;
  }

  collect({ app: name, sender, delivered, isLast }: CollectOperation): unknown {
    const { now } = this.#clock;
    const app = this.#of(name);
    const isDelivered = (one: WaitingReceipt) =>
      delivered.some(({ id, revision }) => id === one.id && revision === one.revision);
    while (app.waiting[0] && isDelivered(app.waiting[0])) app.waiting.shift();
    const isOther = app.sender && app.sender.name !== sender;
    // Where the clock was put back by more, nobody waits for the other.
    const sendsFor = isOther ? now - app.sender!.since : Infinity;
    if (sendsFor >= -30 * SECOND && sendsFor < 30 * SECOND) {
      return { receipts: [], waiting: app.waiting.length, dropped: 0 };
    }
    while (app.waiting[0] && app.waiting[0].at + DAY <= now) {
      app.waiting.shift();
      app.dropped++;
    }
    const { dropped } = app;
    app.dropped = 0;
    const sends = !isLast && app.waiting.length > 0;
    app.sender = sends ? { name: sender, since: now } : undefined;
    const receipts = sends ? app.waiting.slice(0, 100) : [];
    return { receipts, waiting: app.waiting.length, dropped };
  }

  forget(): void {
    this.state.clear();
  }

  /**
   * A file that is opened again knows that all senders have ended, and forgets what was dropped. What is a month old
   * may be of an app that is gone: nobody asks for it.
   */
  reopen(): void {
    const { now } = this.#clock;
    for (const app of this.state.values()) {
      app.waiting = app.waiting.filter(({ at }) => at + 30 * DAY > now);
      app.sender = undefined;
      app.dropped = 0;
    }
  }

  #of(name: string): AppReceipts {
    const found = this.state.get(name) ?? { waiting: [], dropped: 0 };
    this.state.set(name, found);
    return found;
  }
}
