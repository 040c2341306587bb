import { MemoryRevocations } from "../../../../lib/gateway/ledger/revocation/memory_revocations.ts";
import type { LedgerStore } from "../../../../lib/gateway/ledger/store.ts";
import { connectWorker } from "../../../../lib/runtime/ledger/workers/store_server.ts";
import { WorkerPool } from "../../../../lib/runtime/process/worker_pool.ts";

/** Starts two workers, which run this program again and ask the store. */
export function startPool(store: LedgerStore): void {
  const log = { error: () => {} } as unknown as ConstructorParameters<typeof WorkerPool>[0]["log"];
  new WorkerPool({
    count: 2,
    start: { port: 0, texts: {}, initial: { texts: {}, state: "", drain: 0, logLevel: "info" } },
    log,
    connectLedger: () => connectWorker(store, new MemoryRevocations()),
    onReady: () => {},
    onReloaded: () => {},
  });
}
