import { expect, test } from "bun:test";
import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import type { LedgerStore } from "../../../../lib/gateway/ledger/store.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { ReceiptSenders } from "../../../../lib/runtime/receipts/receipt_senders.ts";
import { RemovedApps } from "../../../../lib/runtime/receipts/removed_apps.ts";
import { waitFor } from "../../../support/wait_for.ts";

const HOUR_MS = 3_600_000;

/** A ledger in memory with receipts of one app, a clock that stands still, and what operators are told. */
function ledgerWith(count: number) {
  let now = Date.now();
  const store = new MemoryStore({ now: () => now });
  for (let i = 0; i < count; i++) {
    const on = { app: "web", owner: "a", id: `a.${i}` };
    store.run({ kind: "reserve", ...on, demands: [], receipt: "it began" });
    store.run({ kind: "settle", ...on, report: {}, receipt: "it ended" });
  }
  const told: unknown[] = [];
  const asked: string[] = [];
  const parts = {
    store: { run: (operation) => (asked.push(operation.app), store.run(operation)) } as LedgerStore,
    timers: new TimerWheel(),
    name: "process",
    events: {
      onCollected: (app: string, { waiting, dropped }: { waiting: number; dropped: number }) =>
        void told.push({ app, waiting, dropped }),
      onFailure() {},
      onRemoved: (app: string) => void told.push(`${app} is removed`),
    },
  };
  const collect = () => store.run({ kind: "collect", app: "web", sender: "b", delivered: [] });
  return { parts, told, asked, collect, advance: (ms: number) => void (now += ms) };
}

const DROPPED = { app: "web", waiting: 0, dropped: 3 };

test("RemovedApps has what waits for a day dropped, and then asks no more", async () => {
  const { parts, told, asked, advance } = ledgerWith(3);
  const removed = new RemovedApps(parts);
  removed.add("web");
  advance(23 * HOUR_MS);
  await removed.visit(new Set());
  expect([told, asked]).toEqual([[], ["web"]]);
  advance(HOUR_MS);
  for (let i = 0; i < 2; i++) await removed.visit(new Set());
  expect([told, asked]).toEqual([
    [DROPPED, "web is removed"],
    ["web", "web"],
  ]);
});

test("RemovedApps leaves an app alone that came back", async () => {
  const { parts, asked, collect, advance } = ledgerWith(3);
  const removed = new RemovedApps(parts);
  removed.add("web");
  await removed.visit(new Set(["web"]));
  await removed.visit(new Set());
  expect(asked).toEqual([]);
  advance(HOUR_MS);
  expect(collect().receipts).toHaveLength(3);
});

test("RemovedApps asks again a store that failed", async () => {
  const { parts, told } = ledgerWith(3);
  const answers = [() => Promise.reject(new Error("away")), async () => DROPPED];
  const store = { run: () => answers.shift()!() } as unknown as LedgerStore;
  const removed = new RemovedApps({ ...parts, store });
  removed.add("web");
  for (let i = 0; i < 2; i++) await removed.visit(new Set());
  expect([told, answers]).toEqual([[DROPPED, "web is removed"], []]);
});

test("ReceiptSenders has the receipts of an app dropped that was removed a day ago", async () => {
  const { parts, told, advance } = ledgerWith(3);
  const apps = new Set(["web"]);
  const senders = new ReceiptSenders({
    ...parts,
    apps: () => apps,
    receiptsOf: (app) =>
      apps.has(app) ? { url: new URL("https://backend.example/"), secret: "" } : undefined,
    post: async () => "status 500",
    sweep: async () => {},
  });
  await waitFor("the first try", () => told.length > 0);
  apps.clear();
  advance(24 * HOUR_MS);
  await waitFor("its end", () => told.length > 3);
  expect(told).toEqual([
    { app: "web", waiting: 3, dropped: 0 },
    "web is removed",
    DROPPED,
    "web is removed",
  ]);
  await senders.stop();
}, 30_000);
