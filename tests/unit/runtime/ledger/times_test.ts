import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { subjectScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { memorySubject } from "../../../support/ledger/memory_subject.ts";
import { startRedisSubjects } from "../../../support/ledger/redis/redis_subject.ts";
import { sqliteSubject } from "../../../support/ledger/sqlite_subject.ts";
import {
  HOUR,
  MIDNIGHT,
  MINUTE,
  SECOND,
  StoreStage,
  use,
} from "../../../support/ledger/store_stage.ts";

const redis = await startRedisSubjects();
afterAll(() => redis[Symbol.asyncDispose]());

describe.each([memorySubject, sqliteSubject, ...redis.kinds])("$name:", (kind) => {
  let stage: StoreStage;

  beforeEach(() => void (stage = new StoreStage(kind)));
  afterEach(() => stage.subject.close());

  describe("over midnight", () => {
    const scope = subjectScope("user");
    const daily: CounterDemand = {
      scope,
      counter: "tokens",
      period: "day",
      limit: 1_000,
      fixed: 600,
    };

    test.each([
      ["the day", "day", "2027-01-31T23:59:59.900Z", "2027-02-01T00:00:00.100Z"],
      ["the month", "month", "2027-01-31T23:59:59.900Z", "2027-02-01T00:00:00.100Z"],
      ["a February", "month", "2028-02-29T23:59:59.900Z", "2028-03-01T00:00:00.100Z"],
    ] as const)(
      "what is reserved stays reserved, and counts in %s in which it is settled",
      async (_, period, before, after) => {
        const demand: CounterDemand = { ...daily, period };
        const name = `tokens/${period}`;
        const rest = {
          credential: { issuedAt: stage.born + 2_001, expiresAt: stage.born + 9_000 * HOUR * 2 },
        };
        stage.clock.now = Date.parse(before);
        await stage.reserve("1", [demand], rest);
        await stage.reserve("2", [{ ...demand, fixed: 300 }], rest);
        await stage.settle("2", { tokens: 300 });
        expect(await stage.amounts(scope)).toEqual({ [name]: [300, 600] });
        stage.clock.now = Date.parse(after);
        expect(await stage.amounts(scope)).toEqual({ [name]: [0, 600] });
        expect(await stage.reserve("3", [demand], rest)).toMatchObject({ code: "budget_reserved" });
        await stage.settle("1", { tokens: 500 });
        expect(await stage.amounts(scope)).toEqual({ [name]: [500, 0] });
        expect(await stage.reserve("4", [demand], rest)).toMatchObject({
          code: "tokens_exhausted",
        });
      },
    );

    test("the store's clock decides, and one that is set back starts no day again", async () => {
      stage.clock.now = MIDNIGHT + 1;
      await stage.reserve("1", [daily]);
      await stage.settle("1", { tokens: 600 });
      stage.clock.now = MIDNIGHT - 10 * MINUTE;
      expect(await stage.reserve("2", [daily])).toMatchObject({ code: "tokens_exhausted" });
      stage.clock.now = MIDNIGHT + 10 * MINUTE;
      expect(await stage.reserve("3", [daily])).toMatchObject({ code: "tokens_exhausted" });
    });

    test("a late settlement does not correct the charge of another day", async () => {
      stage.clock.now = MIDNIGHT - 50 * SECOND;
      await stage.reserve("1", [daily]);
      stage.clock.now += 46 * SECOND;
      await stage.sweep();
      stage.clock.now = MIDNIGHT + 1;
      await stage.reserve("2", [daily]);
      await stage.settle("2", { tokens: 200 });
      expect(await stage.settle("1", { tokens: 0 })).toEqual({ was: "swept" });
      expect(await stage.amounts(scope)).toEqual({ "tokens/day": [200, 0] });
    });
  });

  describe("a credential", () => {
    const withTimes = (issued: number, expires: number) => ({
      credential: { issuedAt: issued, expiresAt: expires },
    });

    test("is judged by the clock of the store when a gateway's is 10 minutes late", async () => {
      const expires = stage.born + HOUR;
      await stage.reserve("1", [use], withTimes(stage.born + 2_001, expires));
      await stage.settle("1");
      stage.clock.now = expires;
      expect(await stage.reserve("2", [use], withTimes(stage.born + 2_001, expires))).toMatchObject(
        {
          code: "token_expired",
        },
      );
      // The counter is known for as long as a slower clock may accept the token.
      stage.clock.now = expires + HOUR - 1;
      expect(await stage.amounts()).toEqual({ uses: [1, 0] });
      stage.clock.now = expires + HOUR;
      expect(await stage.amounts()).toEqual({});
    });

    test("with two expiries is counted until the later one", async () => {
      const times = [stage.born + 10 * MINUTE, stage.born + 5 * HOUR].map((end) =>
        withTimes(stage.born + 2_001, end),
      );
      await stage.reserve("1", [use], times[0]);
      await stage.settle("1");
      expect(await stage.reserve("2", [use], times[1])).toMatchObject({ code: "uses_exhausted" });
      // Although that request was refused.
      stage.clock.now = stage.born + 4 * HOUR;
      expect(await stage.reserve("3", [use], times[1])).toMatchObject({ code: "uses_exhausted" });
      stage.clock.now = stage.born + 6 * HOUR;
      expect(await stage.amounts()).toEqual({});
    });

    test.each([
      [-1 * SECOND, "token_predates_ledger"],
      [0, "token_predates_ledger"],
      [1 * SECOND, "token_predates_ledger"],
      [2 * SECOND, "token_predates_ledger"],
      [2 * SECOND + 1, "reserved"],
      [3 * SECOND, "reserved"],
      [12 * SECOND, "reserved"],
      [12 * SECOND + 1, "token_not_yet_valid"],
      [50 * SECOND, "token_not_yet_valid"],
    ])("that was issued %p ms after the birth: %s", async (offset, expected) => {
      const result = await stage.reserve(
        "1",
        [use],
        withTimes(stage.born + offset, stage.born + HOUR),
      );
      expect("code" in result ? result.code : result.kind).toBe(expected as never);
    });
  });

  test("a token that was used is refused after every start of the store", async () => {
    for (const how of kind.restarts) {
      stage.born = stage.clock.now;
      stage.subject.restart("forget");
      stage.clock.now += 10 * SECOND;
      expect(await stage.reserve(`${how} 1`, [use])).toMatchObject({ kind: "reserved" });
      await stage.settle(`${how} 1`);
      stage.clock.now += SECOND;
      stage.subject.restart(how);
      stage.clock.now += 10 * SECOND;
      const { code } = (await stage.reserve(`${how} 2`, [use])) as { code: string };
      const isNoBirth = how === "reopen" || how === "replicate";
      expect(code).toBe(isNoBirth ? "uses_exhausted" : "token_predates_ledger");
    }
  });
});
