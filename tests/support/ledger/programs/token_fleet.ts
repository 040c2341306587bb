import { parseArgs } from "node:util";
import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import { tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { Ledger } from "../../../../lib/gateway/ledger/ledger.ts";
import { LedgerError } from "../../../../lib/gateway/ledger/ledger_error.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { LedgerFileError } from "../../../../lib/runtime/ledger/sqlite/ledger_file_error.ts";
import { RemoteStore } from "../../../../lib/runtime/ledger/workers/remote_store.ts";
import { SqliteStore } from "../../../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import {
  connectToSupervisor,
  type SupervisorConnection,
} from "../../../../lib/runtime/process/worker.ts";
import { startPool } from "./start_pool.ts";

// A supervisor with a ledger in a file, and two workers. A request for `/ID?iat=MS` spends the token of that id, which is
// good for one use, and gets `spent` or the code of the refusal.

async function spend(ledger: Ledger, { pathname, searchParams }: URL): Promise<string> {
  const issuedAt = Number(searchParams.get("iat"));
  try {
    const reservation = await ledger.reserve({
      app: "web",
      demands: [{ scope: tokenScope("web", pathname.slice(1)), counter: "uses", limit: 1 }],
      credential: { issuedAt, expiresAt: issuedAt + 3_600_000 },
    });
    reservation.settle({});
    return "spent";
  } catch (error) {
    if (error instanceof LedgerError) return error.code;
    throw error;
  }
}

function work(connection: SupervisorConnection): void {
  const store = new RemoteStore(connection.askLedger);
  const ledger = createLedger({ store, timers: new TimerWheel() });
  const { url } = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => new Response(await spend(ledger, new URL(request.url))),
  });
  connection.ready("");
  console.log(JSON.stringify({ url }));
}

function open(path: string, boot: string | undefined): SqliteStore {
  try {
    const onFailure = (failure: string) => console.log(JSON.stringify({ failure }));
    return new SqliteStore(path, { onFailure, ...(boot !== undefined && { boot }) });
  } catch (error) {
    if (!(error instanceof LedgerFileError)) throw error;
    console.log(JSON.stringify({ code: error.code }));
    process.exit(1);
  }
}

function supervise(path: string, boot: string | undefined): void {
  startPool(open(path, boot));
}

const connection = await connectToSupervisor(process.env);
if (connection) work(connection);
else {
  const { values, positionals } = parseArgs({
    options: { boot: { type: "string" } },
    allowPositionals: true,
  });
  supervise(positionals[0]!, values.boot);
}
