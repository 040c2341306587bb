import { describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { refusingLimit, tightestLimit } from "../../../../lib/gateway/ledger/rate_limit_fields.ts";

const scope = "a";
const RATE: CounterDemand = {
  scope,
  counter: "rate",
  limit: { count: 60, period: "min", burst: 6 },
};
const USES: CounterDemand = { scope, counter: "uses", limit: 10 };
const PLACES: CounterDemand = { scope, counter: "concurrent", limit: 4 };
const BYTES: CounterDemand = { scope, counter: "bytes", limit: 1000 };
const TOKENS: CounterDemand = { scope, counter: "tokens", limit: 9e15, period: "day", fixed: 1 };
const COST: CounterDemand = { scope, counter: "cost", limit: 5e10, period: "month", fixed: 1 };

const NOON = Date.UTC(2026, 10, 29, 12);

describe("tightestLimit", () => {
  test.each<[CounterDemand, number, string, string]>([
    [RATE, 5, '"rate";r=5', '"rate";q=60;w=60'],
    [USES, 9, '"uses";r=9', '"uses";q=10'],
    [PLACES, 0, '"concurrent";r=0', '"concurrent";q=4;qu="concurrent-requests"'],
    [BYTES, 7, '"bytes";r=7', '"bytes";q=1000;qu="content-bytes"'],
    [TOKENS, 7, '"tokens";r=7;t=43200', '"tokens";q=999999999999999;qu="tokens";w=86400'],
    [COST, 1_234_567, '"cost";r=1234;t=129600', '"cost";q=50000000;qu="micro-dollars"'],
    [USES, -3, '"uses";r=0', '"uses";q=10'],
  ])("describes %j with %d left", (demand, left, current, policy) => {
    expect(tightestLimit([demand], [left], NOON)).toEqual({
      RateLimit: current,
      "RateLimit-Policy": policy,
    });
  });

  test("takes the limit of which the smallest part is left", () => {
    const demands = [USES, RATE, BYTES];
    const nameOf = (left: number[]) => tightestLimit(demands, left, NOON)?.RateLimit;
    expect(nameOf([9, 5, 900])).toBe('"rate";r=5');
    expect(nameOf([1, 5, 900])).toBe('"uses";r=1');
    expect(nameOf([1, 5, 3])).toBe('"bytes";r=3');
    expect(tightestLimit([], [], NOON)).toBeUndefined();
  });
});

describe("refusingLimit", () => {
  test("names the limit that the code is about", () => {
    const demands = [RATE, USES, TOKENS];
    expect(refusingLimit(demands, { code: "rate_limited", retryAfterMs: 1500 }, NOON)).toEqual({
      RateLimit: '"rate";r=0;t=2',
      "RateLimit-Policy": '"rate";q=60;w=60',
    });
    expect(refusingLimit(demands, { code: "tokens_exhausted" }, NOON)?.RateLimit).toBe(
      '"tokens";r=0;t=43200',
    );
  });

  test("names none when there may be several", () => {
    expect(
      refusingLimit([USES, { ...USES, scope: "u/a" }], { code: "uses_exhausted" }, NOON),
    ).toBeUndefined();
    expect(refusingLimit([TOKENS, COST], { code: "budget_reserved" }, NOON)).toBeUndefined();
    expect(refusingLimit([USES], { code: "ledger_unavailable" }, NOON)).toBeUndefined();
  });
});
