import type { RevocationStore } from "../../../gateway/ledger/revocation/revocation_store.ts";
import type { LedgerStore, Operation } from "../../../gateway/ledger/store.ts";
import type { Reply, StoreConnection } from "../../../gateway/ledger/store_connection.ts";

/** A process that has reserved something in an app. */
interface OwnerInApp {
  app: string;
  owner: string;
}

/**
 * Offers a store to a worker process.
 *
 * @param store of this process
 * @param revocations of this process
 * @returns the connection, which belongs to one worker
 */
export function connectWorker(store: LedgerStore, revocations: RevocationStore): StoreConnection {
  const owners = new Map<string, OwnerInApp>();

  return {
    run(operations) {
      for (const operation of operations) {
        if (operation.kind !== "reserve") continue;
        const { app, owner } = operation;
        owners.set(`${app}\n${owner}`, { app, owner });
      }
      return Promise.all(operations.map((operation) => replyTo(store, operation)));
    },
    async revocations(request) {
      try {
        return await revocations.sync(request);
      } catch {
        return null;
      }
    },
    async close() {
      let count = 0;
      try {
        for (const owner of owners.values()) count += await sweepAll(store, owner);
      } catch {
        // The store reports its failures itself. The leases end soon, and then others sweep.
      }
      return count;
    },
  };
}

async function replyTo(store: LedgerStore, operation: Operation): Promise<Reply> {
  try {
    return await store.run(operation);
  } catch {
    // The store reports its failures itself. The worker has to learn that the outcome is unknown.
    return null;
  }
}

async function sweepAll(store: LedgerStore, { app, owner }: OwnerInApp): Promise<number> {
  let total = 0;
  for (let hasMore = true; hasMore;) {
    const swept = await store.run({ kind: "sweep", app, owner, isDead: true });
    total += swept.count;
    ({ hasMore } = swept);
  }
  return total;
}
