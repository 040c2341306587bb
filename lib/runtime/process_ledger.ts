import { createLedger } from "../gateway/ledger/create_ledger.ts";
import type { Ledger } from "../gateway/ledger/ledger.ts";
import type { LedgerStore } from "../gateway/ledger/store.ts";
import type { TimerWheel } from "../gateway/time/timer_wheel.ts";
import type { Configured } from "./configured.ts";
import { observeLedger } from "./observe/observe_ledger.ts";
import { observeReceipts } from "./observe/observe_receipts.ts";
import type { Observers } from "./observe/observers.ts";
import { timedStore } from "./observe/timed_store.ts";
import { createPostReceipts } from "./receipts/post_receipts.ts";
import { ReceiptSenders } from "./receipts/receipt_senders.ts";

/** What {@link createProcessLedger} needs of a gateway. */
export interface ProcessLedgerParts {
  store: LedgerStore;
  timers: TimerWheel;
  /** Returns what is in force. */
  inForce: () => Configured;
  observers: Observers;
}

/** The ledger of a process, and the receipts that it sends. */
export interface ProcessLedger {
  ledger: Ledger;
  /** Waits for settlements and receipts, for 8 seconds at most. */
  stop: () => Promise<void>;
}

/**
 * Creates the ledger of this process, and begins to send the receipts of the apps that are in force.
 *
 * @param parts of the gateway
 */
export function createProcessLedger({
  store,
  timers,
  inForce,
  observers,
}: ProcessLedgerParts): ProcessLedger {
  const senders = new ReceiptSenders({
    store,
    timers,
    name: crypto.randomUUID(),
    apps: () => inForce().settings.apps.flatMap(({ id, receipts }) => (receipts ? [id] : [])),
    receiptsOf: (app) => inForce().apps.get(app)?.receipts,
    post: createPostReceipts({ fetchUpstream: () => inForce().fetchUpstream, now: Date.now }),
    events: observeReceipts(observers),
    // The next one follows soon.
    sweep: (app) => ledger.sweep(app).catch(() => {}),
  });
  const { metrics } = observers;
  const ledger = createLedger({
    store: metrics ? timedStore(store, metrics.ledgerOperation) : store,
    timers,
    events: observeLedger(observers),
    onReceipt: (app) => senders.queued(app),
  });
  return {
    ledger,
    async stop() {
      await ledger.close();
      await senders.stop();
    },
  };
}
