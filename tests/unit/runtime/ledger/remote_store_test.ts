import { describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { MemoryRevocations } from "../../../../lib/gateway/ledger/revocation/memory_revocations.ts";
import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import type { LedgerStore, Operation } from "../../../../lib/gateway/ledger/store.ts";
import type { Reply } from "../../../../lib/gateway/ledger/store_connection.ts";
import { RemoteStore } from "../../../../lib/runtime/ledger/workers/remote_store.ts";
import { connectWorker } from "../../../../lib/runtime/ledger/workers/store_server.ts";
import { amountsOf } from "../../../support/ledger/stage.ts";

const place: CounterDemand = { scope: APP_SCOPE, counter: "concurrent", limit: 1_000 };

const reserve = (id: number): Operation => ({
  kind: "reserve",
  app: "web",
  owner: "worker",
  id: `${id}`,
  demands: [place],
});

const failing: LedgerStore = { run: () => Promise.reject(new Error("disk full")) };

async function amounts(store: LedgerStore) {
  const [readings] = await store.run({ kind: "read", app: "web", scopes: [APP_SCOPE] });
  return amountsOf(readings!);
}

describe("RemoteStore", () => {
  test("sends the operations of a turn as messages of 500 at most, in their order", async () => {
    const worker = connectWorker(new MemoryStore(), new MemoryRevocations());
    const sizes: number[] = [];
    const remote = new RemoteStore((operations) => {
      sizes.push(operations.length);
      return worker.run(operations);
    });
    const results = await Promise.all(
      Array.from({ length: 1_200 }, (_, index) => remote.run(reserve(index))),
    );
    expect(sizes).toEqual([500, 500, 200]);
    const kinds = results.map((result) => "code" in result && result.code);
    expect(kinds.indexOf("too_many_concurrent")).toBe(1_000);
    expect(kinds.lastIndexOf(false)).toBe(999);
  });

  test.each<[string, Reply[] | undefined]>([
    ["does not answer", undefined],
    ["does not know whether it was executed", [null]],
    ["answers too little", []],
  ])("rejects when the other process %s", async (_, replies) => {
    const remote = new RemoteStore(async () => replies);
    await expect(remote.run(reserve(1))).rejects.toThrow("the ledger did not answer");
  });
});

describe("connectWorker", () => {
  test("charges and frees at once what a worker had, and nothing else", async () => {
    const store = new MemoryStore();
    const [worker, other] = [
      connectWorker(store, new MemoryRevocations()),
      connectWorker(store, new MemoryRevocations()),
    ];
    const operations = Array.from({ length: 250 }, (_, index) => reserve(index));
    await worker.run(operations);
    await other.run([{ ...reserve(1_000), owner: "other" } as Operation]);
    expect(await amounts(store)).toEqual({ concurrent: [0, 251] });
    expect(await worker.close()).toBe(250);
    expect(await amounts(store)).toEqual({ concurrent: [0, 1] });
    expect(await worker.close()).toBe(0);
  });

  test("tells the worker that an outcome is unknown, and leaves the rest to the leases", async () => {
    const worker = connectWorker(failing, new MemoryRevocations());
    expect(await worker.run([reserve(1), reserve(2)])).toEqual([null, null]);
    expect(await worker.close()).toBe(0);
  });
});
