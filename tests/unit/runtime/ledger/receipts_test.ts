import { afterAll, describe, expect, test } from "bun:test";
import type { LedgerStore } from "../../../../lib/gateway/ledger/store.ts";
import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import { SqliteStore } from "../../../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import { NotExecutedError } from "../../../../lib/gateway/ledger/store.ts";
import { OpenedStore } from "../../../support/ledger/redis/opened_store.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { folderWith } from "../../../support/folder.ts";

const [program] = await storePrograms();
const server = await StoreServer.start({ program: program! });
const folder = await folderWith();
const opened = await OpenedStore.open(server.url);
const sqlite = new SqliteStore(folder.path("ledger.db"));
afterAll(async () => {
  opened[Symbol.dispose]();
  sqlite.close();
  await server[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const STORES: Readonly<Record<string, LedgerStore>> = {
  memory: new MemoryStore(),
  sqlite,
  redis: opened.store,
};

const HOUR = 3_600_000;
const APP = "web";
const collect = (store: LedgerStore, sender: string, delivered: object[] = []) =>
  store.run({ kind: "collect", app: APP, sender, delivered: delivered as never });

/** Ends exchanges without counters, each with a receipt. */
async function queue(store: LedgerStore, from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += 500) {
    const numbers = Array.from({ length: Math.min(500, to - start) }, (_, i) => start + i);
    await Promise.all(
      numbers.map(async (number) => {
        const on = { app: APP, owner: "a", id: `a.${number}` };
        await store.run({ kind: "reserve", ...on, demands: [], receipt: "it began" });
        await store.run({ kind: "settle", ...on, report: {}, receipt: `it ended ${number}` });
      }),
    );
  }
}

describe.each(Object.entries(STORES))("the receipts in %s", (_, store) => {
  test("are 10,000 at most: the oldest are dropped, and the next sender is told", async () => {
    await queue(store, 0, 10_050);
    const first = await collect(store, "one");
    expect(first).toMatchObject({ waiting: 10_000, dropped: 50 });
    expect(first.receipts).toHaveLength(100);
    expect(first.receipts[0]).toMatchObject({ id: "a.50", text: "it ended 50", charged: {} });
    expect(await collect(store, "two")).toEqual({ receipts: [], waiting: 10_000, dropped: 0 });
    const next = await collect(store, "one", first.receipts);
    expect(next).toMatchObject({ waiting: 9_900, dropped: 0 });
    expect(next.receipts[0]).toMatchObject({ id: "a.150" });
    // What was dropped meanwhile is not in the way of what was delivered.
    await queue(store, 10_050, 10_170);
    const last = await collect(store, "one", next.receipts);
    expect(last).toMatchObject({ waiting: 9_920, dropped: 20 });
    expect(last.receipts[0]).toMatchObject({ id: "a.250" });
  }, 60_000);
});

test("a command that queues receipts and is taken from the gateway's user stops a settlement before it has written anything", async () => {
  await server.ask("ACL", "SETUSER", "g", "on", ">pw", "~sw1:*", "+@all");
  using store = await OpenedStore.open(`redis://g:pw@127.0.0.1:${server.port}`);
  const on = { app: "other", owner: "a", id: "a.1" };
  await store.store.run({ kind: "reserve", ...on, demands: [], receipt: "it began" });
  for (const command of ["rpush", "ltrim"]) {
    await server.ask("ACL", "SETUSER", "g", `-${command}`);
    const settled = store.store.run({ kind: "settle", ...on, report: {}, receipt: "it ended" });
    await expect(settled).rejects.toBeInstanceOf(NotExecutedError);
    await server.ask("ACL", "SETUSER", "g", `+${command}`);
  }
  const settled = await store.store.run({ kind: "settle", ...on, report: {}, receipt: "it ended" });
  expect(settled).toEqual({ was: "open" });
});

test("receipts in a file are there after a kill, and those of a day before are dropped", async () => {
  const path = folder.path("killed.db");
  let now = Date.now();
  const open = () => new SqliteStore(path, { now: () => now });
  const before = open();
  await queue(before, 0, 350);
  const on = { app: APP, owner: "a", id: "a.open" };
  await before.run({ kind: "reserve", ...on, demands: [], receipt: "it began" });
  before.close();
  const after = open();
  let { receipts } = await collect(after, "one");
  expect(receipts).toHaveLength(100);
  expect(receipts[0]).toMatchObject({ id: "a.0", end: "settled", text: "it ended 0" });
  for (let i = 0; i < 3; i++) ({ receipts } = await collect(after, "one", receipts));
  expect(receipts.at(-1)).toMatchObject({ id: "a.open", end: "swept", text: "it began" });
  await queue(after, 350, 600);
  after.close();
  now += 86_400_000;
  const later = open();
  expect(await collect(later, "one")).toEqual({ receipts: [], waiting: 0, dropped: 301 });
  later.close();
});

test("a clock that is put back does not keep the sender of before", async () => {
  let now = Date.now();
  const store = new SqliteStore(folder.path("put_back.db"), { now: () => now });
  await queue(store, 0, 1);
  expect((await collect(store, "one")).receipts).toHaveLength(1);
  now -= 1_000;
  expect((await collect(store, "two")).receipts).toHaveLength(0);
  now -= 3_600_000;
  expect((await collect(store, "two")).receipts).toHaveLength(1);
  store.close();
});

describe.each([
  ["memory", (clock: Clocks) => ({ store: new MemoryStore(clock), close() {} })],
  [
    "sqlite",
    (clock: Clocks) => {
      const store = new SqliteStore(folder.path("clock.db"), clock);
      return { store, close: () => store.close() };
    },
  ],
])("a receipt in %s", (_, open) => {
  test("outlives a clock that is ahead, and is dropped when it has waited for a day", async () => {
    const clock = { ticks: 0, now: Date.UTC(2026, 10, 29) };
    const { store, close } = open({ now: () => clock.now, ticks: () => clock.ticks });
    const dropped = async () => (await collect(store, "one")).dropped;
    await queue(store, 0, 3);
    clock.now += 25 * HOUR;
    expect(await dropped()).toBe(0);
    clock.now -= 25 * HOUR;
    expect(await dropped()).toBe(0);
    for (const passed of [23, 1]) {
      clock.ticks += passed * HOUR;
      clock.now += passed * HOUR;
      expect(await dropped()).toBe(passed === 1 ? 3 : 0);
    }
    close();
  });
});

interface Clocks {
  now: () => number;
  ticks: () => number;
}
