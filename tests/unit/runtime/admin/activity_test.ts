import { describe, expect, test } from "bun:test";
import { Activity } from "../../../../lib/runtime/admin/activity/activity.ts";
import type { ActivitySums, Table } from "../../../../lib/runtime/admin/activity/activity_sums.ts";
import { ActivityRelay } from "../../../../lib/runtime/admin/activity/relay.ts";
import type { CountedRecord } from "../../../../lib/runtime/admin/activity/usage.ts";
import {
  pageOf,
  type PageQuery,
  type Period,
} from "../../../../lib/runtime/admin/activity/usage_windows.ts";
import { record } from "./counted_record.ts";

const NOON = Date.UTC(2026, 10, 29, 12);
const HOUR = 3_600_000;

/** An activity, which gets each record in sums of its own. */
class Observed extends Activity {
  readonly observe: (record: CountedRecord) => void;

  constructor(now: () => number) {
    super(now);
    const relay = new ActivityRelay({ send: (sums) => this.add(sums), now });
    this.observe = (record) => {
      relay.observe(record);
      relay.flush();
    };
  }
}

interface Asked extends PageQuery {
  table: Table;
  period: Period;
  back: number;
}

function stage() {
  const clock = { now: NOON };
  const activity = new Observed(() => clock.now);
  const read = ({ table = "apps", period = "day", back = 0, ...more }: Partial<Asked> = {}) =>
    pageOf(activity.rows(table, period, back).rows, {
      sort: "requests",
      limit: 10,
      offset: 0,
      ...more,
    });
  return { clock, activity, read };
}

describe("Activity", () => {
  test("counts by app, subject and model, and never for an unverified id", () => {
    const { activity, read } = stage();
    const usage = { inputTokens: 3, outputTokens: 4, costUsd: 0.5, model: "m" };
    activity.observe(record({ subject: "eve", ...usage }));
    activity.observe(record({ app: "shop", outcome: "refused", code: "rate_limited" }));
    const { verifyMs: _, ...unverified } = record({
      app: "claimed",
      code: "expired",
      outcome: "refused",
    });
    activity.observe(unverified);
    expect(read().rows.map(({ names, requests, errors }) => [...names, requests, errors])).toEqual([
      ["web", 1, 0],
      ["shop", 1, 1],
    ]);
    expect(read({ table: "subjects", period: "hour" })).toMatchObject({
      total: 1,
      rows: [{ names: ["web", "eve"], input_tokens: 3, output_tokens: 4, cost_usd: 0.5, bytes: 3 }],
    });
    expect(activity.totals).toMatchObject({ requests: 3, errors: 2 });
    expect(activity.refusals.map(({ code }) => code)).toEqual(["expired", "rate_limited"]);
  });

  test("adds up costs exactly", () => {
    const { activity, read } = stage();
    const costs = [0.1, 0.2, 0.000000001];
    for (const costUsd of costs) activity.observe(record({ costUsd, model: "m" }));
    const exact = 0.300_000_001;
    const sums = [read().rows[0], read({ table: "models" }).rows[0], activity.totals];
    expect(sums.map((sum) => sum?.cost_usd)).toEqual([exact, exact, exact]);
  });

  test("counts a response of an upstream with 5xx as an error, and lists it", () => {
    const { activity, read } = stage();
    for (const status of [200, 404, 429, 500, 503]) activity.observe(record({ status }));
    activity.observe(record({ status: 500, outcome: "client_gone" }));
    expect(read().rows).toMatchObject([{ names: ["web"], requests: 6, errors: 2 }]);
    const listed = activity.refusals.map(({ code, status }) => [code, status]);
    expect(listed).toEqual([
      ["upstream_status", 503],
      ["upstream_status", 500],
    ]);
  });

  test("keeps hours and days apart, and forgets the oldest", () => {
    const { activity, clock, read } = stage();
    activity.observe(record());
    clock.now += HOUR;
    activity.observe(record());
    expect(read({ period: "hour" }).rows[0]?.requests).toBe(1);
    expect(read({ period: "hour", back: 1 }).rows[0]?.requests).toBe(1);
    expect(read().rows[0]?.requests).toBe(2);
    clock.now += 24 * HOUR;
    activity.observe(record());
    expect(read({ back: 1 }).rows[0]?.requests).toBe(2);
    expect(read({ period: "hour", back: 25 }).rows).toEqual([]);
  });

  test("pages, sorts and searches", () => {
    const { activity, read } = stage();
    for (let i = 0; i < 30; i++)
      for (let n = 0; n <= i; n++) activity.observe(record({ app: `app-${i}` }));
    expect(read({ limit: 2, offset: 1 }).rows.map(({ names }) => names[0])).toEqual([
      "app-28",
      "app-27",
    ]);
    const { total } = read({ matches: ([name = ""]) => name.endsWith("-1") });
    expect(total).toBe(1);
  });

  test("counts what is beyond 200,000 rows under one", () => {
    const { activity, read } = stage();
    for (let i = 0; i < 200_010; i++) activity.observe(record({ subject: `s${i}` }));
    expect(read({ table: "subjects", limit: 1 })).toMatchObject({
      total: 200_001,
      rows: [{ names: ["(others)", "(others)"], requests: 10 }],
    });
  });

  test("tells percentiles of forwarded exchanges within 5 %", () => {
    const { activity } = stage();
    for (let ms = 1; ms <= 1000; ms++) activity.observe(record({ headMs: ms }));
    const { rule: _, ...refused } = record({ headMs: 9_000, outcome: "refused" });
    activity.observe(refused);
    const { p50_ms, p95_ms, p99_ms } = activity.latency(HOUR);
    for (const [found, exact] of [
      [p50_ms, 500],
      [p95_ms, 950],
      [p99_ms, 990],
    ] as const) {
      expect(Math.abs(found! / exact - 1)).toBeLessThan(0.05);
    }
  });

  test("keeps an hour in slots of ten seconds, and the last 200 refusals", () => {
    const { activity, clock } = stage();
    for (let i = 0; i < 500; i++) {
      activity.observe(record({ outcome: "refused", code: "rate_limited", requestId: `${i}` }));
      clock.now += 10_000;
    }
    expect(activity.slots().length).toBe(360);
    expect(activity.slots().at(-1)).toMatchObject({ requests: 1, codes: { rate_limited: 1 } });
    expect([activity.refusals.length, activity.refusals[0]?.request_id]).toEqual([200, "499"]);
  });
});

test("Activity adds the sums of several processes to the second in which they were counted", () => {
  const { activity, clock, read } = stage();
  const of = (at: number, id: string) => {
    let sums: ActivitySums | undefined;
    const relay = new ActivityRelay({ send: (sent) => void (sums = sent), now: () => at });
    relay.observe(record({ app: id, outcome: "refused", code: "rate_limited", requestId: id }));
    relay.flush();
    return sums!;
  };
  clock.now = NOON + HOUR;
  // The one that ended last comes first, and one is of the hour before.
  for (const [at, id] of [
    [NOON + HOUR - 100, "late"],
    [NOON + HOUR - 900, "early"],
    [NOON + HOUR, "next"],
  ] as const) {
    activity.add(of(at, id));
  }
  expect(read({ period: "hour" }).rows.map(({ names }) => names)).toEqual([["next"]]);
  expect(read({ period: "hour", back: 1 }).total).toBe(2);
  expect(activity.refusals.map(({ request_id }) => request_id)).toEqual(["next", "late", "early"]);
  expect(activity.slots().map(({ requests }) => requests)).toEqual([2, 1]);
  expect(activity.totals.requests).toBe(3);
});
