import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { Operation } from "../../../../lib/gateway/ledger/store.ts";
import { memorySubject } from "../../../support/ledger/memory_subject.ts";
import { startRedisSubjects } from "../../../support/ledger/redis/redis_subject.ts";
import { sqliteSubject } from "../../../support/ledger/sqlite_subject.ts";
import {
  HOUR,
  MINUTE,
  SECOND,
  StoreStage,
  TOKEN,
  use,
} from "../../../support/ledger/store_stage.ts";

const redis = await startRedisSubjects();
afterAll(() => redis[Symbol.asyncDispose]());

describe.each([memorySubject, sqliteSubject, ...redis.kinds])("$name:", (kind) => {
  let stage: StoreStage;

  beforeEach(() => void (stage = new StoreStage(kind)));
  afterEach(() => stage.subject.close());

  test("a reservation whose reply is lost leaves everything when it is released", async () => {
    await stage.reserve("1", [use]);
    expect(await stage.release("1")).toEqual({ was: "open" });
    expect(await stage.amounts()).toEqual({});
    expect(await stage.reserve("2", [use])).toMatchObject({ kind: "reserved" });
  });

  test("a release that overtakes its reservation makes it void", async () => {
    expect(await stage.release("1")).toEqual({ was: "unknown" });
    stage.clock.now += 14 * MINUTE;
    expect(await stage.reserve("1", [use])).toEqual({ kind: "refused", code: "void" });
    expect(await stage.amounts()).toEqual({});
  });

  test("an id has effect once", async () => {
    await stage.reserve("1", [use]);
    expect(await stage.reserve("1", [{ ...use, limit: 5 }])).toEqual({
      kind: "refused",
      code: "void",
    });
    await stage.settle("1");
    expect(await stage.settle("1")).toEqual({ was: "unknown" });
    expect(await stage.amounts()).toEqual({ uses: [1, 0] });
  });

  describe("after a sweep", () => {
    const tokens: CounterDemand = { scope: TOKEN, counter: "tokens", limit: 1_000, fixed: 400 };
    const place: CounterDemand = { scope: TOKEN, counter: "concurrent", limit: 1 };

    beforeEach(async () => {
      await stage.reserve("1", [use, tokens, place]);
      expect(await stage.sweep()).toEqual({ count: 0, hasMore: false });
      stage.clock.now += 46 * SECOND;
      expect(await stage.sweep()).toEqual({ count: 1, hasMore: false });
      expect(await stage.amounts()).toEqual({ uses: [1, 0], tokens: [400, 0] });
    });

    test("a late settlement replaces the charge, once", async () => {
      expect(await stage.settle("1", { tokens: 150 })).toEqual({ was: "swept" });
      expect(await stage.settle("1", { tokens: 150 })).toEqual({ was: "unknown" });
      expect(await stage.amounts()).toEqual({ uses: [1, 0], tokens: [150, 0] });
    });

    test("a late release takes the charge back, once", async () => {
      expect(await stage.release("1")).toEqual({ was: "swept" });
      expect(await stage.release("1")).toEqual({ was: "unknown" });
      expect(await stage.amounts()).toEqual({});
    });

    test("a settlement after an hour changes nothing", async () => {
      stage.clock.now += HOUR;
      expect(await stage.settle("1", { tokens: 150 })).toEqual({ was: "unknown" });
      expect(await stage.amounts()).toEqual({ uses: [1, 0], tokens: [400, 0] });
    });
  });

  describe("two agents on one budget", () => {
    const budget: CounterDemand = {
      scope: APP_SCOPE,
      counter: "tokens",
      limit: 10_000,
      fixed: 100,
      unit: 1,
    };

    test("both finish: the second waits for the first", async () => {
      const elastic = { least: 16, most: 9_900, isAsked: true };
      await stage.reserve("1", [budget], { elastic });
      expect(await stage.reserve("2", [budget], { elastic })).toEqual({
        kind: "refused",
        code: "budget_reserved",
        waitMs: 1_000,
      });
      await stage.settle("1", { tokens: 300 });
      expect(await stage.reserve("3", [budget], { elastic })).toMatchObject({ granted: 9_600 });
    });

    test("get half of what is left, if they ask for no cap, and 4,096 where that is left", async () => {
      const elastic = { least: 16, most: 128_000, isAsked: false };
      expect(await stage.reserve("1", [budget], { elastic })).toMatchObject({ granted: 4_950 });
      expect(await stage.reserve("2", [budget], { elastic })).toMatchObject({ granted: 4_096 });
      expect(await stage.reserve("3", [budget], { elastic })).toMatchObject({ granted: 654 });
    });
  });

  test.each([
    ["four answers share 1,000", { limit: 1_000, fixed: 100, unit: 4, least: 16, most: 900 }, 225],
    [
      "16 is the least of Responses",
      { limit: 10, fixed: 0, unit: 1, least: 16, most: 900 },
      "tokens_exhausted",
    ],
    [
      "a thinking budget of 1,024 does not fit",
      { limit: 900, fixed: 0, unit: 1, least: 1_025, most: 2_000 },
      "tokens_exhausted",
    ],
    ["the least fits exactly", { limit: 116, fixed: 100, unit: 1, least: 16, most: 900 }, 16],
    ["no more than was asked", { limit: 1_000, fixed: 0, unit: 1, least: 16, most: 20 }, 20],
  ])("%s", async (_, { limit, fixed, unit, least, most }, expected) => {
    const demand: CounterDemand = { scope: TOKEN, counter: "tokens", limit, fixed, unit };
    const result = await stage.reserve("1", [demand], { elastic: { least, most, isAsked: true } });
    expect("code" in result ? result.code : (result as { granted: number }).granted).toBe(
      expected as never,
    );
  });

  test("a rate admits its burst, refills in time, and waits for one burst when the clock is set back", async () => {
    const rate: CounterDemand = {
      scope: APP_SCOPE,
      counter: "rate",
      limit: { count: 60, period: "min", burst: 3 },
    };
    const kinds = [];
    for (let index = 0; index < 4; index++)
      kinds.push((await stage.reserve(`a${index}`, [rate])).kind);
    expect(kinds).toEqual(["reserved", "reserved", "reserved", "refused"]);
    stage.clock.now += 999;
    expect(await stage.reserve("b", [rate])).toEqual({
      kind: "refused",
      code: "rate_limited",
      waitMs: 1,
    });
    stage.clock.now += 1;
    expect(await stage.reserve("c", [rate])).toMatchObject({ left: [0] });
    stage.clock.now -= HOUR;
    expect(await stage.reserve("d", [rate], { credential: undefined as never })).toMatchObject({
      code: "rate_limited",
    });
    stage.clock.now += 3 * SECOND;
    expect(await stage.reserve("e", [rate], { credential: undefined as never })).toMatchObject({
      left: [2],
    });
  });

  test("100 reservations of a process are swept at once, and the rest with the next operation", async () => {
    const place: CounterDemand = { scope: APP_SCOPE, counter: "concurrent", limit: 200 };
    for (let index = 0; index < 150; index++) await stage.reserve(`${index}`, [place]);
    const dead: Operation = { kind: "sweep", app: "web", owner: "a", isDead: true };
    expect(await stage.run(dead)).toEqual({ count: 100, hasMore: true });
    expect(await stage.amounts(APP_SCOPE)).toEqual({ concurrent: [0, 50] });
    expect(await stage.run(dead)).toEqual({ count: 50, hasMore: false });
    expect(await stage.amounts(APP_SCOPE)).toEqual({});
  });
});
