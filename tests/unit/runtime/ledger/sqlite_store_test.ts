import { Database } from "bun:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { type Scope, subjectScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { SqliteStore } from "../../../../lib/runtime/ledger/sqlite/sqlite_store.ts";
import { FileStage } from "../../../support/ledger/file_stage.ts";

const DAY_MS = 86_400_000;

const [one, other] = [subjectScope("one"), subjectScope("other")];

let stage: FileStage;

beforeEach(async () => void (stage = await FileStage.create()));
afterEach(() => stage.remove());

function reserve(store: SqliteStore, id: string, scope: Scope) {
  const demands: CounterDemand[] = [
    { scope, counter: "tokens", period: "day", limit: 9, fixed: 1 },
  ];
  return store.run({ kind: "reserve", app: "web", owner: "a", id, demands });
}

async function use(store: SqliteStore, id: string, scope: Scope): Promise<void> {
  await reserve(store, id, scope);
  await store.run({ kind: "settle", app: "web", owner: "a", id, report: {} });
}

/** How many scopes are in the file of a store that is closed. */
function countScopes(): number {
  const database = new Database(stage.path);
  const { count } = database.query("SELECT count(*) AS count FROM scope").get() as {
    count: number;
  };
  database.close();
  return count;
}

describe("SqliteStore", () => {
  test("fails the operation that meets a broken row, and not the others of its turn", async () => {
    let store = new SqliteStore(stage.path);
    await use(store, "1", one);
    store.close();
    const database = new Database(stage.path);
    database.run("UPDATE scope SET state = 'broken'");
    database.close();
    const failures: string[] = [];
    store = new SqliteStore(stage.path, { onFailure: (code) => void failures.push(code) });
    const results = await Promise.allSettled([
      reserve(store, "2", other),
      reserve(store, "3", one),
      reserve(store, "4", other),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(results[2]).toMatchObject({ value: { left: [7] } });
    expect(failures).toEqual(["unknown"]);
    store.close();
  });

  test("executes what waits before it closes, and nothing after that", async () => {
    const store = new SqliteStore(stage.path);
    const waiting = reserve(store, "1", one);
    store.close();
    store.close();
    expect(await waiting).toMatchObject({ kind: "reserved" });
    await expect(reserve(store, "2", one)).rejects.toThrow("the ledger is closed");
  });

  test("deletes scopes that are to be forgotten while new ones come", async () => {
    const clock = { now: Date.UTC(2027, 0, 1) };
    const store = new SqliteStore(stage.path, { now: () => clock.now });
    const useMany = (day: string) =>
      Promise.all(
        Array.from({ length: 3_000 }, (_, index) =>
          use(store, `${day} ${index}`, subjectScope(`${day} ${index}`)),
        ),
      );
    await useMany("first");
    clock.now += 2 * DAY_MS;
    for (const day of ["third", "again", "and again"]) await useMany(day);
    store.close();
    expect(countScopes()).toBe(9_000);
  });
});
