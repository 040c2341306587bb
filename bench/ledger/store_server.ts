import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLedger } from "../../lib/gateway/ledger/create_ledger.ts";
import type { Ledger } from "../../lib/gateway/ledger/ledger.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { openRedisStore } from "../../lib/runtime/ledger/redis/open_redis_store.ts";
import { freePort, startServer } from "../measure/processes.ts";

/** A Redis, and a ledger in it. */
export interface LedgerInRedis extends AsyncDisposable {
  ledger: Ledger;
  pid: number;
  port: number;
  /** When a token is issued that the ledger accepts, in milliseconds since the epoch. */
  issuedAt: number;
}

/** Starts a Redis on a free port, and waits until its ledger accepts tokens. */
export async function startLedgerInRedis(): Promise<LedgerInRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "signway-bench-redis-"));
  const flags = ["--port", String(port), "--dir", folder, "--save", "", "--appendonly", "no"];
  const server = await startServer(["redis-server", ...flags], port);
  const addresses = [{ host: "127.0.0.1", port }];
  const { store, prepare, close } = await openRedisStore(
    { kind: "single", addresses, isTls: false, database: 0, isDurable: false },
    { onFailure: (reason) => console.error(`redis: ${reason}`), onRecovery() {} },
  );
  prepare(["web"]);
  const issuedAt = Date.now() + 2_100;
  await Bun.sleep(500);
  const ledger = createLedger({ store, timers: new TimerWheel() });
  return {
    ledger,
    pid: server.pid!,
    port,
    issuedAt,
    async [Symbol.asyncDispose]() {
      await ledger.close();
      close();
      await server[Symbol.asyncDispose]();
    },
  };
}
