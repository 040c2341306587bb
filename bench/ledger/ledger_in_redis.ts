import { createLedger } from "../../lib/gateway/ledger/create_ledger.ts";
import type { Ledger } from "../../lib/gateway/ledger/ledger.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { openRedisStore } from "../../lib/runtime/ledger/redis/open_redis_store.ts";
import { startRedis } from "../setup/redis.ts";

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
  await using stack = new AsyncDisposableStack();
  const { pid, port } = await startRedis(stack);
  const addresses = [{ host: "127.0.0.1", port }];
  const { store, prepare, close } = await openRedisStore(
    { kind: "single", addresses, isTls: false, database: 0, isDurable: false },
    { onFailure: (reason) => console.error(`redis: ${reason}`), onRecovery() {} },
  );
  stack.defer(close);
  prepare(["web"]);
  const issuedAt = Date.now() + 2_100;
  await Bun.sleep(500);
  const ledger = createLedger({ store, timers: new TimerWheel() });
  stack.defer(() => ledger.close());
  const kept = stack.move();
  return {
    ledger,
    pid: pid!,
    port,
    issuedAt,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
