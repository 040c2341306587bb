import type { WaitingReceipt } from "../../../../lib/gateway/ledger/receipt.ts";
import type { LedgerStore, Operation, ResultOf } from "../../../../lib/gateway/ledger/store.ts";
import type { Timer } from "../../../../lib/gateway/time/timer_wheel.ts";
import type { PostReceipts } from "../../../../lib/runtime/receipts/post_receipts.ts";
import { ReceiptSenders } from "../../../../lib/runtime/receipts/receipt_senders.ts";

/** The senders of some apps, with a clock that stands still until it is advanced. */
export class SenderStage {
  readonly senders: ReceiptSenders;
  readonly failures: string[] = [];
  /** Where receipts go. */
  url = "https://backend.example/";
  readonly #waiting: Map<string, WaitingReceipt[]>;
  readonly #timers = new Set<Timer>();
  #now = 0;

  /**
   * @param apps their ids, in their order
   * @param post sends receipts
   */
  constructor(apps: readonly string[], post: PostReceipts) {
    this.#waiting = new Map(apps.map((app) => [app, []]));
    this.senders = new ReceiptSenders({
      store: { run: (operation) => this.#run(operation) } as LedgerStore,
      timers: {
        now: () => this.#now,
        start: (callback, ms) => {
          const timer = { due: this.#now + ms, callback, slot: [], index: 0 };
          this.#timers.add(timer);
          return timer;
        },
        stop: (timer) => void (timer && this.#timers.delete(timer)),
      },
      name: "process",
      apps: () => apps,
      receiptsOf: () => ({ url: new URL(this.url), secret: "whsec_AAAA" }),
      post,
      events: {
        onCollected() {},
        onFailure: (_, reason) => void this.failures.push(reason),
        onRemoved() {},
      },
      sweep: async () => {},
    });
  }

  /** Queues receipts of an app. */
  queue(app: string, count = 1): void {
    const waiting = this.#waiting.get(app)!;
    for (let i = 0; i < count; i++) {
      const id = crypto.randomUUID();
      waiting.push({ id, revision: 1, end: "settled", charged: {}, at: 0, text: "{}" });
    }
    this.senders.queued(app);
  }

  /** Lets time pass, and what is due happen. */
  async advance(ms: number): Promise<void> {
    await settled();
    for (const end = this.#now + ms; this.#now < end; this.#now += STEP_MS) {
      for (const timer of [...this.#timers].filter(({ due }) => due <= this.#now)) {
        if (this.#timers.delete(timer)) timer.callback();
      }
      await settled();
    }
  }

  #run(operation: Operation): ResultOf<Operation> {
    if (operation.kind !== "collect") throw new TypeError(operation.kind);
    const delivered = new Set(operation.delivered.map(({ id }) => id));
    const waiting = this.#waiting.get(operation.app)!.filter(({ id }) => !delivered.has(id));
    this.#waiting.set(operation.app, waiting);
    return { receipts: waiting.slice(0, 100), waiting: waiting.length, dropped: 0 };
  }
}

const STEP_MS = 25;

/** Waits until no promise has more to do that does not wait for a timer. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
