import { describe, expect, test } from "bun:test";
import { parseCostBudget, parseTokenBudget } from "../../../../lib/signing/token/budget.ts";
import { utcCalendar } from "../../../../lib/gateway/ledger/forms/period.ts";
import { intervalOf, parseRate, rateName } from "../../../../lib/gateway/ledger/forms/rate.ts";
import {
  isCredentialScope,
  ruleScope,
  subjectScope,
  tokenScope,
  urlScope,
} from "../../../../lib/gateway/ledger/forms/scope.ts";

describe("parseRate", () => {
  test.each([
    ["10/s", { count: 10, period: "s", burst: 1 }, 100_000],
    ["10/s burst 10", { count: 10, period: "s", burst: 10 }, 100_000],
    ["60/min", { count: 60, period: "min", burst: 6 }, 1_000_000],
    ["1000/h", { count: 1000, period: "h", burst: 100 }, 3_600_000],
    ["5000/day burst 1", { count: 5000, period: "day", burst: 1 }, 17_280_000],
    ["7/s", { count: 7, period: "s", burst: 1 }, 142_858],
    ["1000000/s burst 1", { count: 1_000_000, period: "s", burst: 1 }, 1],
  ] as const)("parses %s", (text, expected, interval) => {
    const rate = parseRate(text);
    expect(rate).toEqual(expected);
    expect(intervalOf(rate!)).toBe(interval);
    expect(parseRate(rateName(rate!).slice("rate ".length))).toEqual(expected);
  });

  test.each([
    ...["", "10", "/s", "0/s", "-1/s", "1.5/s", "1e3/s", "01/s", " 10/s", "10/s ", "10 / s"],
    ...[
      "10/sec",
      "10/S",
      "10/m",
      "10/d",
      "10/month",
      "10/s burst",
      "10/s burst 0",
      "10/s  burst 1",
    ],
    ...["10/s burst -1", "10/s burst 1.5", "10/sburst 1", "1000001/s", "1/day burst 367", "٦/s"],
    ...["9999999999/day", "10/s\n"],
  ])("refuses %j", (text) => expect(parseRate(text)).toBeUndefined());
});

describe("a budget", () => {
  test.each([
    [50_000, { limit: 50_000 }],
    [0, { limit: 0 }],
    ["50000", { limit: 50_000 }],
    ["2000000/day", { limit: 2_000_000, period: "day" }],
    ["9000000000000000/month", { limit: 9e15, period: "month" }],
  ] as const)("of tokens is parsed from %p", (value, expected) => {
    expect(parseTokenBudget(value)).toEqual(expected);
  });

  test.each([
    [0.05, { limit: 50_000_000 }],
    [1, { limit: 1_000_000_000 }],
    [1e-9, { limit: 1 }],
    [0.29, { limit: 290_000_000 }],
    [1.1, { limit: 1_100_000_000 }],
    [9_000_000, { limit: 9e15 }],
    ["50/day", { limit: 50_000_000_000, period: "day" }],
    ["0.000000001/month", { limit: 1, period: "month" }],
  ] as const)("of dollars is parsed from %p", (value, expected) => {
    expect(parseCostBudget(value)).toEqual(expected);
  });

  test.each([
    ...[
      -1,
      Number.NaN,
      Infinity,
      9e15 + 2,
      1.5,
      "1.5",
      "-1",
      "1e3",
      "",
      "1/week",
      "1/Day",
      "1/ day",
    ],
    ...["1/day ", " 1", "$1", "1,000", "9000000000000001"],
  ])("of tokens is not parsed from %p", (value) => {
    expect(parseTokenBudget(value)).toBeUndefined();
  });

  test.each([-0.01, Number.NaN, Infinity, 9_000_001, "9000000.1", "0.0000000001", "1/s", "$5"])(
    "of dollars is not parsed from %p",
    (value) => expect(parseCostBudget(value)).toBeUndefined(),
  );
});

describe("utcCalendar ends", () => {
  test.each([
    ["a day", "day", "2027-01-31T23:59:59.999Z", "2027-02-01T00:00:00.000Z"],
    ["a day that has just begun", "day", "2027-02-01T00:00:00.000Z", "2027-02-02T00:00:00.000Z"],
    ["a month", "month", "2027-01-31T23:59:59.999Z", "2027-02-01T00:00:00.000Z"],
    ["a month that has just begun", "month", "2027-02-01T00:00:00Z", "2027-03-01T00:00:00.000Z"],
    ["February in a leap year", "month", "2028-02-29T12:00:00Z", "2028-03-01T00:00:00.000Z"],
    ["December", "month", "2027-12-15T00:00:00Z", "2028-01-01T00:00:00.000Z"],
  ] as const)("%s", (_, period, now, end) => {
    expect(new Date(utcCalendar(period, Date.parse(now))).toISOString()).toBe(end);
  });
});

describe("a scope", () => {
  test("is another one for each credential, subject and rule", () => {
    const scopes = [
      ...[tokenScope("a", "b/c"), tokenScope("a/b", "c"), tokenScope("a", "b%2Fc"), urlScope("b")],
      ...[subjectScope("b"), ruleScope("b"), subjectScope("a\nb"), subjectScope("a:b}")],
      ...[
        tokenScope("a", "b"),
        tokenScope("A", "b"),
        tokenScope("a", "\u00e9"),
        tokenScope("a", "e\u0301"),
      ],
    ];
    expect(new Set(scopes).size).toBe(scopes.length);
    for (const scope of scopes) expect(scope).not.toMatch(/[\s{}:]/);
  });

  test("of a lone surrogate does not throw", () => {
    expect(subjectScope("\ud800")).toBe(subjectScope("\ufffd"));
  });

  test.each([
    [tokenScope("web", "1"), true],
    [urlScope("ab"), true],
    [subjectScope("t/1"), false],
    [ruleScope("https://a/t/"), false],
  ])("%s belongs to a credential: %p", (scope, expected) => {
    expect(isCredentialScope(scope)).toBe(expected);
  });
});
