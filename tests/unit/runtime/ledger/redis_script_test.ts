import { describe, expect, test } from "bun:test";
import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { NotExecutedError } from "../../../../lib/gateway/ledger/store.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { LEDGER_SCRIPT } from "../../../../lib/runtime/ledger/redis/script/script.ts";
import { OpenedStore, useOf } from "../../../support/ledger/redis/opened_store.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { waitUntil } from "../../../support/wait_until.ts";

// Longer than it takes until a token that is dated ahead is newer than a birth.
const AFTER_BIRTH_MS = 200;

const READING = /^(TIME|GET|MGET|HLEN|HMGET|HRANDFIELD|LLEN|LRANGE|ZSCORE|ZRANGEBYSCORE)$/;

// Receipts alone need them: receipts_test.ts.
const QUEUEING = /^(RPUSH|LTRIM)$/;

/** The commands with which the script writes counters and reservations. */
function writing(): Set<string> {
  const calls = LEDGER_SCRIPT.text.matchAll(/redis\.call\("(\w+)"/g);
  return new Set(
    [...calls]
      .map(([, name]) => name!)
      .filter((name) => !READING.test(name) && !QUEUEING.test(name)),
  );
}

describe.each(await storePrograms())("$name:", (program) => {
  test("all of 1,000 reservations of a process that has ended are charged, whatever they are of", async () => {
    await using server = await StoreServer.start({ program });
    using store = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    const ids = Array.from({ length: 1_000 }, (_, index) => String(index));
    await Promise.all(ids.map((id) => store.reserve(id, [useOf(id)])));
    let charged = 0;
    for (let hasMore = true; hasMore;) {
      const swept = await store.sweep();
      expect(swept.count).toBeWithin(1, 101);
      charged += swept.count;
      ({ hasMore } = swept);
    }
    expect(charged).toBe(1_000);
    expect(await store.amounts("999")).toEqual({ uses: [1, 0] });
  });

  test("200 requests that wait at once for the places of a process that has ended get them", async () => {
    await using server = await StoreServer.start({ program });
    using opened = await OpenedStore.open(server.url);
    const place: CounterDemand = { scope: APP_SCOPE, counter: "concurrent", limit: 5_000 };
    await Bun.sleep(AFTER_BIRTH_MS);
    const ids = Array.from({ length: 5_000 }, (_, index) => String(index));
    await Promise.all(ids.map((id) => opened.reserve(id, [useOf(id), place])));
    await server.ask("ZADD", "sw1:{web}:l", "XX", "1", "a");
    const ledger = createLedger({ store: opened.store, timers: new TimerWheel() });
    const reserve = async () => (await ledger.reserve({ app: "web", demands: [place] })).left;
    const left = await Promise.all(Array.from({ length: 200 }, reserve));
    expect(left).toHaveLength(200);
    await ledger.close();
  });

  test("a command that is taken from its user stops it before it has written anything", async () => {
    await using server = await StoreServer.start({ program });
    await server.ask("ACL", "SETUSER", "g", "on", ">pw", "~sw1:*", "+@all");
    using store = await OpenedStore.open(`redis://g:pw@127.0.0.1:${server.port}`);
    await Bun.sleep(AFTER_BIRTH_MS);
    await store.reserve("0", [useOf("a", 100)]);
    for (const command of writing()) {
      await server.ask("ACL", "SETUSER", "g", `-${command}`);
      for (const _ of [1, 2]) {
        await expect(store.settle("0")).rejects.toBeInstanceOf(NotExecutedError);
        await expect(store.reserve("1", [useOf("b")])).rejects.toBeInstanceOf(NotExecutedError);
      }
      await expect(store.sweep()).rejects.toBeInstanceOf(NotExecutedError);
      expect(await store.amounts("a")).toEqual({ uses: [0, 1] });
      expect(await store.amounts("b")).toEqual({});
      await server.ask("ACL", "SETUSER", "g", `+${command}`);
    }
    expect(new Set(store.failures)).toEqual(new Set(["NOPERM"]));
    expect(await store.settle("0")).toEqual({ was: "open" });
    expect(await store.amounts("a")).toEqual({ uses: [1, 0] });
  });
});

test("a server that is set to forget counters while it is used is not used any more", async () => {
  const [program] = await storePrograms();
  await using server = await StoreServer.start({ program: program! });
  using store = await OpenedStore.open(server.url);
  await Bun.sleep(AFTER_BIRTH_MS);
  await server.ask("CONFIG", "SET", "maxmemory-policy", "volatile-lru");
  const reserve = async () => (await store.reserve(crypto.randomUUID(), [useOf("a", 1e6)])).kind;
  await waitUntil("the end", async () => (await reserve().catch(() => "none")) === "none");
  expect(store.failures).toEqual(["maxmemory_policy"]);
  await server.ask("CONFIG", "SET", "maxmemory-policy", "noeviction");
  await waitUntil("the store", async () => (await reserve().catch(() => "none")) === "reserved");
});
