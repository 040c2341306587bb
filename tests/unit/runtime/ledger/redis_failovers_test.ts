import { describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { NotExecutedError } from "../../../../lib/gateway/ledger/store.ts";
import { OpenedStore, useOf } from "../../../support/ledger/redis/opened_store.ts";
import { startSlowWay } from "../../../support/ledger/redis/slow_way.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { waitUntil } from "../../../support/wait_until.ts";

const LIMIT = 100;
const budget: CounterDemand = { scope: APP_SCOPE, counter: "tokens", limit: LIMIT, fixed: 1 };

// Longer than it takes until a token that is dated ahead is newer than a birth.
const AFTER_BIRTH_MS = 200;

async function outcomeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    (result) => {
      const { code, kind } = result as { code?: string; kind: string };
      return code ?? kind;
    },
    (error) => (error instanceof NotExecutedError ? "not executed" : "unknown"),
  );
}

describe.each(await storePrograms())("$name:", (program) => {
  test("a release on another connection overtakes its reservation, which is void then", async () => {
    await using server = await StoreServer.start({ program });
    using way = await startSlowWay(server.port);
    using late = await OpenedStore.open(`redis://127.0.0.1:${way.port}`);
    using direct = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    way.delayMs = 500;
    const reserved = late.reserve("1", [useOf("a"), budget]);
    expect(await direct.release("1")).toEqual({ was: "unknown" });
    expect(await reserved).toEqual({ kind: "refused", code: "void" });
    expect(await direct.amounts("a")).toEqual({});
  });

  test("a reservation whose reply is lost takes effect once, and is given back", async () => {
    await using server = await StoreServer.start({ program });
    using way = await startSlowWay(server.port);
    using cut = await OpenedStore.open(`redis://127.0.0.1:${way.port}`);
    using direct = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    way.delayMs = 800;
    const reserved = outcomeOf(cut.reserve("1", [useOf("a"), budget]));
    await waitUntil("the reservation", async () => (await direct.amounts("a"))["uses"]?.[1] === 1);
    way.isCut = true;
    expect(await reserved).toBe("unknown");
    expect(await direct.amounts("a")).toEqual({ uses: [0, 1], tokens: [0, 1] });
    expect(await direct.release("1")).toEqual({ was: "open" });
    expect(await direct.amounts("a")).toEqual({});
  });

  test("50 writes that were not replicated are lost: no token is spent twice, and no more than they are admitted again", async () => {
    await using old = await StoreServer.start({ program });
    using way = await startSlowWay(old.port);
    const settings = ["--replicaof", `127.0.0.1 ${way.port}`];
    await using replica = await StoreServer.start({ program, settings });
    await waitUntil("the replica", async () =>
      String(await replica.ask("INFO", "replication")).includes("master_link_status:up"),
    );
    using before = await OpenedStore.open(old.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    let admitted = 0;
    const spend = async (store: OpenedStore, id: string, issuedAt?: number) => {
      const result = await outcomeOf(store.reserve(id, [useOf(id), budget], issuedAt));
      if (result === "reserved") {
        admitted++;
        await store.settle(id);
      }
      return result;
    };
    for (let index = 0; index < 30; index++) await spend(before, `kept ${index}`);
    await waitUntil("the replication", async () => {
      const offset = async (server: StoreServer) =>
        /master_repl_offset:(\d+)/.exec(String(await server.ask("INFO", "replication")))?.[1];
      return (await offset(old)) === (await offset(replica));
    });
    way.isCut = true;
    const issuedAt = Date.now() + 1_900;
    for (let index = 0; index < 50; index++) {
      expect(await spend(before, `lost ${index}`, issuedAt)).toBe("reserved");
    }
    await old.kill();
    await replica.ask("REPLICAOF", "NO", "ONE");
    using after = await OpenedStore.open(replica.url);
    for (let index = 0; index < 50; index++) {
      expect(await spend(after, `lost ${index}`, issuedAt)).toBe("token_predates_ledger");
    }
    await Bun.sleep(AFTER_BIRTH_MS);
    expect((await after.amounts("kept 1"))["tokens"]).toEqual([30, 0]);
    for (let index = 0; admitted < LIMIT + 100; index++) {
      if ((await spend(after, `new ${index}`)) === "tokens_exhausted") break;
    }
    expect(admitted).toBe(LIMIT + 50);
  }, 30_000);

  test("a primary that was a replica of an older copy meanwhile spends no token twice", async () => {
    await using primary = await StoreServer.start({ program });
    await using copy = await StoreServer.start({ program });
    const follows = (server: StoreServer, port: number) =>
      server.ask("REPLICAOF", "127.0.0.1", String(port));
    const isUp = (server: StoreServer) =>
      waitUntil("the replication", async () =>
        String(await server.ask("INFO", "replication")).includes("master_link_status:up"),
      );
    {
      using store = await OpenedStore.open(primary.url);
      await Bun.sleep(AFTER_BIRTH_MS);
      expect(await outcomeOf(store.reserve("0", [useOf("b")]))).toBe("reserved");
    }
    await follows(copy, primary.port);
    await isUp(copy);
    await copy.ask("REPLICAOF", "NO", "ONE");
    using store = await OpenedStore.open(primary.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    const issuedAt = Date.now() + 1_900;
    expect(await outcomeOf(store.reserve("1", [useOf("a")], issuedAt))).toBe("reserved");
    await store.settle("1");
    await follows(primary, copy.port);
    await isUp(primary);
    await primary.ask("REPLICAOF", "NO", "ONE");
    // What the primary had written is gone, in the same process.
    await waitUntil("a refusal", async () => {
      const outcome = await outcomeOf(store.reserve("2", [useOf("a")], issuedAt));
      expect(outcome).not.toBe("reserved");
      return outcome === "token_predates_ledger";
    });
  }, 30_000);

  test("the end of a reservation that was not replicated is told to the next primary", async () => {
    await using old = await StoreServer.start({ program });
    using replication = await startSlowWay(old.port);
    const settings = ["--replicaof", `127.0.0.1 ${replication.port}`];
    await using replica = await StoreServer.start({ program, settings });
    using way = await startSlowWay(old.port);
    using store = await OpenedStore.open(`redis://127.0.0.1:${way.port}`);
    const amounts = async () => (await store.amounts("a"))["tokens"];
    await waitUntil("the replica", async () => {
      const info = String(await replica.ask("INFO", "replication"));
      return info.includes("master_link_status:up");
    });
    await Bun.sleep(AFTER_BIRTH_MS);
    expect(await outcomeOf(store.reserve("1", [budget]))).toBe("reserved");
    expect(await outcomeOf(store.reserve("2", [budget]))).toBe("reserved");
    await waitUntil(
      "the replication",
      async () => (await replica.ask("HLEN", "sw1:{web}:o:a")) === 2,
    );
    replication.isCut = true;
    expect(await store.settle("1")).toEqual({ was: "open" });
    expect(await amounts()).toEqual([1, 1]);
    way.target = replica.port;
    await replica.ask("REPLICAOF", "NO", "ONE");
    expect(await replica.ask("HLEN", "sw1:{web}:o:a")).toBe(2);
    await old.kill();
    await waitUntil("the next primary", async () => (await amounts().catch(() => []))![0] === 1);
    expect(await amounts()).toEqual([1, 1]);
    expect(await store.settle("2")).toEqual({ was: "open" });
    expect(await amounts()).toEqual([2, 0]);
  }, 30_000);

  test("an old primary that is cut off admits nothing, with the settings that the docs advise", async () => {
    const advised = ["--min-replicas-to-write", "1", "--min-replicas-max-lag", "1"];
    await using old = await StoreServer.start({ program, settings: advised });
    using way = await startSlowWay(old.port);
    const settings = ["--replicaof", `127.0.0.1 ${way.port}`];
    await using replica = await StoreServer.start({ program, settings });
    using store = await OpenedStore.open(old.url);
    await waitUntil("a replica that answers", async () => {
      const result = await outcomeOf(store.reserve(crypto.randomUUID(), [budget]));
      return result === "reserved";
    });
    way.isCut = true;
    await waitUntil("the refusals", async () => {
      const result = await outcomeOf(store.reserve(crypto.randomUUID(), [budget]));
      return result === "not executed";
    });
    expect(store.failures).toContain("NOREPLICAS");
    await replica.kill();
  }, 30_000);

  test("a store that is durable keeps its tokens over a restart, and another one does not", async () => {
    const settings = ["--appendonly", "yes", "--appendfsync", "always"];
    await using server = await StoreServer.start({ program, settings });
    let issuedAt: number;
    {
      using store = await OpenedStore.open(`${server.url}?durable=1`);
      await Bun.sleep(AFTER_BIRTH_MS);
      issuedAt = Date.now() + 1_900;
      expect(await outcomeOf(store.reserve("1", [useOf("a")], issuedAt))).toBe("reserved");
      await store.settle("1");
    }
    await server.restart();
    using durable = await OpenedStore.open(`${server.url}?durable=1`);
    expect(await outcomeOf(durable.reserve("2", [useOf("a")], issuedAt))).toBe("uses_exhausted");
    expect(await outcomeOf(durable.reserve("3", [useOf("b")], issuedAt))).toBe("reserved");
    using other = await OpenedStore.open(server.url);
    expect(await outcomeOf(other.reserve("4", [useOf("a")], issuedAt))).toBe(
      "token_predates_ledger",
    );
  }, 30_000);

  test("a settlement that the store has no memory for is refused as a whole, and can be sent again", async () => {
    await using server = await StoreServer.start({ program });
    using store = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    await store.reserve("1", [useOf("a"), budget]);
    await server.ask("CONFIG", "SET", "maxmemory", "1");
    expect(await outcomeOf(store.settle("1"))).toBe("not executed");
    await server.ask("CONFIG", "SET", "maxmemory", "0");
    expect(await store.settle("1")).toEqual({ was: "open" });
    expect(await store.amounts("a")).toEqual({ uses: [1, 0], tokens: [1, 0] });
  });

  test("an error in the script leaves everything as it was", async () => {
    await using server = await StoreServer.start({ program });
    using store = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    await server.ask("SET", "sw1:{web}:s:a", "no row", "EX", "100");
    expect(await outcomeOf(store.reserve("1", [useOf("a"), budget]))).toBe("unknown");
    await server.ask("DEL", "sw1:{web}:s:a");
    expect(await store.amounts("a")).toEqual({});
    expect(await store.settle("1")).toEqual({ was: "unknown" });
  });

  test("its scripts are flushed, and sent again", async () => {
    await using server = await StoreServer.start({ program });
    using store = await OpenedStore.open(server.url);
    await Bun.sleep(AFTER_BIRTH_MS);
    expect(await outcomeOf(store.reserve("1", [useOf("a")]))).toBe("reserved");
    await server.ask("SCRIPT", "FLUSH");
    expect(await store.settle("1")).toEqual({ was: "open" });
  });
});
