import { createLedger } from "../../lib/gateway/ledger/create_ledger.ts";
import { MemoryStore } from "../../lib/gateway/ledger/memory/memory_store.ts";
import { TimerWheel } from "../../lib/gateway/time/timer_wheel.ts";
import { countedRequest } from "./requests.ts";

// Grows a ledger in memory to so many tokens, a thousand in a turn of the event loop, and prints the longest stall.

const HOUR_MS = 3_600_000;

/** The time that this thread has used, in milliseconds. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

async function grow(count: number): Promise<Record<string, number>> {
  const born = Date.now();
  let age = 0;
  const store = new MemoryStore({ now: () => born + age });
  // Tokens must be younger than the ledger.
  age = HOUR_MS;
  const ledger = createLedger({ store, timers: new TimerWheel() });
  const before = process.cpuUsage();
  let [stall, busy] = [0, 0];
  let [last, lastBusy] = [performance.now(), processorTime()];
  for (let token = 0; token < count; token++) {
    if (token % 1_000 === 0) {
      await new Promise((resolve) => setImmediate(resolve));
      [last, lastBusy] = [performance.now(), processorTime()];
    }
    const reservation = ledger.reserve(countedRequest(1, token, born + age));
    if (reservation instanceof Promise) throw new Error("the store waits");
    reservation.settle({});
    const [now, nowBusy] = [performance.now(), processorTime()];
    stall = Math.max(stall, now - last);
    busy = Math.max(busy, nowBusy - lastBusy);
    [last, lastBusy] = [now, nowBusy];
  }
  const { user, system } = process.cpuUsage(before);
  if (store.size !== count) throw new Error(`${store.size} counters of ${count}`);
  await ledger.close();
  return { stall, busy, cpu: (user + system) / count, memory: process.memoryUsage.rss() / 1e6 };
}

console.log(JSON.stringify(await grow(Number(process.argv[2]))));
