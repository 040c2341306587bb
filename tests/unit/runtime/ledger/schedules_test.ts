import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import {
  APP_SCOPE,
  type Scope,
  subjectScope,
  tokenScope,
} from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { Operation, ReserveOperation } from "../../../../lib/gateway/ledger/store.ts";
import { memorySubject } from "../../../support/ledger/memory_subject.ts";
import { sqliteSubject } from "../../../support/ledger/sqlite_subject.ts";
import { amountsOf } from "../../../support/ledger/stage.ts";
import type { Subject, TestClock } from "../../../support/ledger/subject.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const MIDNIGHT = Date.UTC(2027, 1, 1);

const TOKEN = tokenScope("web", "1");
const use: CounterDemand = { scope: TOKEN, counter: "uses", limit: 1 };

let clock: TestClock;
let subject: Subject;
let born: number;

const run = async <Of extends Operation>(operation: Of) => await subject.store.run(operation);

/** Reserves as a process does; the token was issued after the birth. */
function reserve(
  id: string,
  demands: readonly CounterDemand[],
  rest: Partial<ReserveOperation> = {},
) {
  const credential = { issuedAt: born + 2_001, expiresAt: born + 24 * HOUR };
  return run({ kind: "reserve", app: "web", owner: "a", id, demands, credential, ...rest });
}

const settle = (id: string, report = {}) =>
  run({ kind: "settle", app: "web", owner: "a", id, report });
const release = (id: string) => run({ kind: "release", app: "web", owner: "a", id });
const sweep = () => run({ kind: "sweep", app: "web", owner: "a" });

async function amounts(scope: Scope = TOKEN) {
  const [readings] = await run({ kind: "read", app: "web", scopes: [scope] });
  return amountsOf(readings!);
}

describe.each([memorySubject, sqliteSubject])("$name:", (kind) => {
  beforeEach(() => {
    clock = { now: MIDNIGHT - 12 * HOUR };
    born = clock.now;
    subject = kind.start(clock);
    clock.now += 10 * SECOND;
  });
  afterEach(() => subject.close());

  test("a reservation whose reply is lost leaves everything when it is released", async () => {
    await reserve("1", [use]);
    expect(await release("1")).toEqual({ was: "open" });
    expect(await amounts()).toEqual({});
    expect(await reserve("2", [use])).toMatchObject({ kind: "reserved" });
  });

  test("a release that overtakes its reservation makes it void", async () => {
    expect(await release("1")).toEqual({ was: "unknown" });
    clock.now += 14 * MINUTE;
    expect(await reserve("1", [use])).toEqual({ kind: "refused", code: "void" });
    expect(await amounts()).toEqual({});
  });

  test("an id has effect once", async () => {
    await reserve("1", [use]);
    expect(await reserve("1", [{ ...use, limit: 5 }])).toEqual({ kind: "refused", code: "void" });
    await settle("1");
    expect(await settle("1")).toEqual({ was: "unknown" });
    expect(await amounts()).toEqual({ uses: [1, 0] });
  });

  describe("after a sweep", () => {
    const tokens: CounterDemand = { scope: TOKEN, counter: "tokens", limit: 1_000, fixed: 400 };
    const place: CounterDemand = { scope: TOKEN, counter: "concurrent", limit: 1 };

    beforeEach(async () => {
      await reserve("1", [use, tokens, place]);
      expect(await sweep()).toEqual({ count: 0, hasMore: false });
      clock.now += 46 * SECOND;
      expect(await sweep()).toEqual({ count: 1, hasMore: false });
      expect(await amounts()).toEqual({ uses: [1, 0], tokens: [400, 0] });
    });

    test("a late settlement replaces the charge, once", async () => {
      expect(await settle("1", { tokens: 150 })).toEqual({ was: "swept" });
      expect(await settle("1", { tokens: 150 })).toEqual({ was: "unknown" });
      expect(await amounts()).toEqual({ uses: [1, 0], tokens: [150, 0] });
    });

    test("a late release takes the charge back, once", async () => {
      expect(await release("1")).toEqual({ was: "swept" });
      expect(await release("1")).toEqual({ was: "unknown" });
      expect(await amounts()).toEqual({});
    });

    test("a settlement after an hour changes nothing", async () => {
      clock.now += HOUR;
      expect(await settle("1", { tokens: 150 })).toEqual({ was: "unknown" });
      expect(await amounts()).toEqual({ uses: [1, 0], tokens: [400, 0] });
    });
  });

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
        const rest = { credential: { issuedAt: born + 2_001, expiresAt: born + 9_000 * HOUR * 2 } };
        clock.now = Date.parse(before);
        await reserve("1", [demand], rest);
        await reserve("2", [{ ...demand, fixed: 300 }], rest);
        await settle("2", { tokens: 300 });
        expect(await amounts(scope)).toEqual({ [name]: [300, 600] });
        clock.now = Date.parse(after);
        expect(await amounts(scope)).toEqual({ [name]: [0, 600] });
        expect(await reserve("3", [demand], rest)).toMatchObject({ code: "budget_reserved" });
        await settle("1", { tokens: 500 });
        expect(await amounts(scope)).toEqual({ [name]: [500, 0] });
        expect(await reserve("4", [demand], rest)).toMatchObject({ code: "tokens_exhausted" });
      },
    );

    test("the store's clock decides, and one that is set back starts no day again", async () => {
      clock.now = MIDNIGHT + 1;
      await reserve("1", [daily]);
      await settle("1", { tokens: 600 });
      clock.now = MIDNIGHT - 10 * MINUTE;
      expect(await reserve("2", [daily])).toMatchObject({ code: "tokens_exhausted" });
      clock.now = MIDNIGHT + 10 * MINUTE;
      expect(await reserve("3", [daily])).toMatchObject({ code: "tokens_exhausted" });
    });

    test("a late settlement does not correct the charge of another day", async () => {
      clock.now = MIDNIGHT - 50 * SECOND;
      await reserve("1", [daily]);
      clock.now += 46 * SECOND;
      await sweep();
      clock.now = MIDNIGHT + 1;
      await reserve("2", [daily]);
      await settle("2", { tokens: 200 });
      expect(await settle("1", { tokens: 0 })).toEqual({ was: "swept" });
      expect(await amounts(scope)).toEqual({ "tokens/day": [200, 0] });
    });
  });

  describe("a credential", () => {
    const withTimes = (issued: number, expires: number) => ({
      credential: { issuedAt: issued, expiresAt: expires },
    });

    test("is judged by the clock of the store when a gateway's is 10 minutes late", async () => {
      const expires = born + HOUR;
      await reserve("1", [use], withTimes(born + 2_001, expires));
      await settle("1");
      clock.now = expires;
      expect(await reserve("2", [use], withTimes(born + 2_001, expires))).toMatchObject({
        code: "token_expired",
      });
      // The counter is known for as long as a slower clock may accept the token.
      clock.now = expires + HOUR - 1;
      expect(await amounts()).toEqual({ uses: [1, 0] });
      clock.now = expires + HOUR;
      expect(await amounts()).toEqual({});
    });

    test("with two expiries is counted until the later one", async () => {
      const times = [born + 10 * MINUTE, born + 5 * HOUR].map((end) =>
        withTimes(born + 2_001, end),
      );
      await reserve("1", [use], times[0]);
      await settle("1");
      expect(await reserve("2", [use], times[1])).toMatchObject({ code: "uses_exhausted" });
      await reserve("3", [{ ...use, limit: 2 }], times[1]);
      await settle("3");
      clock.now = born + 4 * HOUR;
      expect(await reserve("4", [{ ...use, limit: 2 }], times[1])).toMatchObject({
        code: "uses_exhausted",
      });
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
      const result = await reserve("1", [use], withTimes(born + offset, born + HOUR));
      expect("code" in result ? result.code : result.kind).toBe(expected as never);
    });
  });

  test("a token that was used is refused after every start of the store", async () => {
    for (const how of kind.restarts) {
      born = clock.now;
      subject.restart("forget");
      clock.now += 10 * SECOND;
      expect(await reserve(`${how} 1`, [use])).toMatchObject({ kind: "reserved" });
      await settle(`${how} 1`);
      clock.now += SECOND;
      subject.restart(how);
      clock.now += 10 * SECOND;
      const { code } = (await reserve(`${how} 2`, [use])) as { code: string };
      expect(code).toBe(how === "reopen" ? "uses_exhausted" : "token_predates_ledger");
    }
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
      await reserve("1", [budget], { elastic });
      expect(await reserve("2", [budget], { elastic })).toEqual({
        kind: "refused",
        code: "budget_reserved",
        waitMs: 1_000,
      });
      await settle("1", { tokens: 300 });
      expect(await reserve("3", [budget], { elastic })).toMatchObject({ granted: 9_600 });
    });

    test("get half of what is left, if they ask for no cap, and 4,096 where that is left", async () => {
      const elastic = { least: 16, most: 128_000, isAsked: false };
      expect(await reserve("1", [budget], { elastic })).toMatchObject({ granted: 4_950 });
      expect(await reserve("2", [budget], { elastic })).toMatchObject({ granted: 4_096 });
      expect(await reserve("3", [budget], { elastic })).toMatchObject({ granted: 654 });
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
    const result = await reserve("1", [demand], { elastic: { least, most, isAsked: true } });
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
    for (let index = 0; index < 4; index++) kinds.push((await reserve(`a${index}`, [rate])).kind);
    expect(kinds).toEqual(["reserved", "reserved", "reserved", "refused"]);
    clock.now += 999;
    expect(await reserve("b", [rate])).toEqual({
      kind: "refused",
      code: "rate_limited",
      waitMs: 1,
    });
    clock.now += 1;
    expect(await reserve("c", [rate])).toMatchObject({ left: [0] });
    clock.now -= HOUR;
    expect(await reserve("d", [rate], { credential: undefined as never })).toMatchObject({
      code: "rate_limited",
    });
    clock.now += 3 * SECOND;
    expect(await reserve("e", [rate], { credential: undefined as never })).toMatchObject({
      left: [2],
    });
  });

  test("100 reservations of a process are swept at once, and the rest with the next operation", async () => {
    const place: CounterDemand = { scope: APP_SCOPE, counter: "concurrent", limit: 200 };
    for (let index = 0; index < 150; index++) await reserve(`${index}`, [place]);
    const dead: Operation = { kind: "sweep", app: "web", owner: "a", isDead: true };
    expect(await run(dead)).toEqual({ count: 100, hasMore: true });
    expect(await amounts(APP_SCOPE)).toEqual({ concurrent: [0, 50] });
    expect(await run(dead)).toEqual({ count: 50, hasMore: false });
    expect(await amounts(APP_SCOPE)).toEqual({});
  });
});
