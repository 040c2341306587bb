import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import {
  amounts,
  budget,
  FileStage,
  issueToken,
  reserve,
  settle,
  use,
} from "../../../support/ledger/file_stage.ts";
import type { StoreProcess } from "../../../support/ledger/store_process.ts";

let stage: FileStage;

beforeEach(async () => void (stage = await FileStage.create()));
afterEach(() => stage.remove());

/** Uses the token once, and leaves a second use open. */
async function useTwice(store: StoreProcess): Promise<number> {
  const token = issueToken();
  expect(await reserve(store, "1", token)).toMatchObject({ kind: "reserved" });
  expect(await settle(store, "1")).toEqual({ was: "open" });
  expect(await reserve(store, "2", token)).toMatchObject({ kind: "reserved" });
  return token;
}

describe("after kill -9", () => {
  test("in the same boot, what was open is charged, and no use comes back", async () => {
    let store = await stage.startAndWait();
    const token = await useTwice(store);
    await store.kill();
    store = await stage.start();
    expect(await amounts(store)).toEqual({ uses: [2, 0], tokens: [130, 0] });
    expect(await reserve(store, "3", token)).toMatchObject({ code: "uses_exhausted" });
    expect(await settle(store, "2")).toEqual({ was: "swept" });
    expect(await amounts(store)).toEqual({ uses: [2, 0], tokens: [60, 0] });
    await store.kill();
  });

  test("in another boot, older tokens are refused, and budgets live on", async () => {
    let store = await stage.startAndWait({ boot: "one" });
    const token = await useTwice(store);
    await store.kill();
    store = await stage.startAndWait({ boot: "two" });
    expect(await amounts(store)).toEqual({ uses: [2, 0], tokens: [130, 0] });
    expect(await reserve(store, "3", token)).toMatchObject({ code: "token_predates_ledger" });
    expect(await reserve(store, "4", issueToken(), [budget])).toMatchObject({ kind: "reserved" });
    await store.kill();
  });

  test("at any moment, nothing that was confirmed is lost", async () => {
    const many: CounterDemand = { ...use, limit: 1_000_000 };
    let confirmed = 0;
    let ids = 0;
    for (let round = 0; round < 4; round++) {
      const store = await stage.startAndWait({ boot: "one" });
      const token = issueToken();
      const work = async () => {
        for (;;) {
          const id = `${ids++}`;
          expect(await reserve(store, id, token, [many])).toMatchObject({ kind: "reserved" });
          await settle(store, id);
          confirmed++;
        }
      };
      for (let worker = 0; worker < 16; worker++) void work().catch(() => {});
      await Bun.sleep(30 + 60 * Math.random());
      await store.kill();
    }
    await using store = await stage.start({ boot: "one" });
    const { uses } = await amounts(store);
    expect(uses![1]).toBe(0);
    expect(uses![0]).toBeGreaterThanOrEqual(confirmed);
    expect(uses![0]).toBeLessThanOrEqual(ids);
    expect(confirmed).toBeGreaterThan(20);
  });
});

describe("after a clean end", () => {
  test("in another boot, everything goes on", async () => {
    let store = await stage.startAndWait({ boot: "one" });
    const token = await useTwice(store);
    await store.close();
    store = await stage.start({ boot: "two" });
    expect(await reserve(store, "3", token)).toMatchObject({ code: "uses_exhausted" });
    expect(await amounts(store)).toEqual({ uses: [2, 0], tokens: [130, 0] });
    await store.kill();
  });

  test("and when the file was deleted, older tokens are refused", async () => {
    let store = await stage.startAndWait();
    const token = await useTwice(store);
    await store.close();
    await rm(stage.path);
    store = await stage.startAndWait();
    expect(await reserve(store, "3", token)).toMatchObject({ code: "token_predates_ledger" });
    await store.kill();
  });

  test("and when an older copy was restored over it, older tokens are refused", async () => {
    let store = await stage.startAndWait();
    const token = issueToken();
    await store.close();
    makeOlder(stage.path, 60_000);
    await copyFile(stage.path, join(stage.folder, "backup.db"));
    store = await stage.start();
    await store.close();
    await copyFile(join(stage.folder, "backup.db"), stage.path);
    store = await stage.startAndWait();
    expect(await reserve(store, "3", token)).toMatchObject({ code: "token_predates_ledger" });
    await store.kill();
  });
});

/** Makes a file look as if it had been closed some time ago. */
function makeOlder(file: string, ms: number): void {
  const database = new Database(file);
  const { value } = database.query("SELECT value FROM meta").get() as { value: string };
  const record = JSON.parse(value);
  const older = JSON.stringify({ ...record, touchedAt: record.touchedAt - ms });
  database.run("UPDATE meta SET value = ?", [older]);
  database.close();
}

describe("a file that was deleted while it was used", () => {
  test("serves on, and the next one refuses older tokens", async () => {
    let store = await stage.startAndWait();
    const token = issueToken();
    await rm(stage.path);
    expect(await reserve(store, "1", token)).toMatchObject({ kind: "reserved" });
    await store.kill();
    await rm(`${stage.path}-wal`, { force: true });
    store = await stage.startAndWait();
    expect(await reserve(store, "1", token)).toMatchObject({ code: "token_predates_ledger" });
    await store.kill();
  });
});
