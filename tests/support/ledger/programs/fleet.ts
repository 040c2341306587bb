import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { RemoteStore } from "../../../../lib/runtime/ledger/workers/remote_store.ts";
import { SqliteStore } from "../../../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import {
  connectToSupervisor,
  type SupervisorConnection,
} from "../../../../lib/runtime/process/worker.ts";
import { startPool } from "./start_pool.ts";

// A supervisor with a store and two workers, each of which takes 100 of 200 places and keeps them. A line of the
// input makes the supervisor print the counters.

const PLACES = 100;

async function work(connection: SupervisorConnection): Promise<void> {
  const store = new RemoteStore(connection.askLedger);
  const ledger = createLedger({ store, timers: new TimerWheel() });
  const reserve = async () =>
    ledger.reserve({
      app: "web",
      demands: [
        { scope: APP_SCOPE, counter: "concurrent", limit: 2 * PLACES },
        { scope: APP_SCOPE, counter: "tokens", limit: 1_000_000, fixed: 10 },
      ],
    });
  const results = await Promise.allSettled(Array.from({ length: PLACES }, reserve));
  const reserved = results.filter(({ status }) => status === "fulfilled").length;
  connection.ready("");
  console.log(JSON.stringify({ worker: connection.start.number, pid: process.pid, reserved }));
}

async function supervise(path: string | undefined): Promise<void> {
  const store = path === undefined ? new MemoryStore() : new SqliteStore(path);
  startPool(store);
  for await (const _ of console) {
    const [counters] = await store.run({ kind: "read", app: "web", scopes: [APP_SCOPE] });
    console.log(JSON.stringify({ counters }));
  }
}

const connection = await connectToSupervisor(process.env);
if (connection) await work(connection);
else await supervise(process.argv[2]);
