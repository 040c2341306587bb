import { describe, expect, test } from "bun:test";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import {
  createMetrics,
  mergeSnapshots,
  type MetricsSnapshot,
} from "../../../../lib/runtime/observe/metrics.ts";
import { RetainedMetrics } from "../../../../lib/runtime/process/retained_metrics.ts";
import { parsePrometheus, sumOf } from "../../../support/prometheus.ts";
import { createRandom } from "../../../support/random.ts";

const BOTH = new Set([1, 2]);

const RECORD: ExchangeRecord = {
  ...{ requestId: "r", app: "web", method: "POST", status: 200, outcome: "complete" },
  ...{ verifyMs: 1, rule: "api.test", headMs: 10, durationMs: 20, bytesIn: 1, bytesOut: 2 },
  ...{ inputTokens: 3, outputTokens: 4, costUsd: 0.1 },
};

/** What a worker sends that has observed so many exchanges, of which one more is open, and so many reloads. */
async function sent(
  exchanges: number,
  { reloads = 0, status = 200 } = {},
): Promise<MetricsSnapshot> {
  const metrics = createMetrics(() => 0);
  metrics.begin();
  for (let i = 0; i < exchanges; i++) {
    metrics.begin();
    metrics.observe({ ...RECORD, status }, () => "a-model");
  }
  for (let i = 0; i < reloads; i++) metrics.reloaded(true);
  return structuredClone(await metrics.snapshot());
}

async function samplesOf(retained: RetainedMetrics, answered: ReadonlySet<number>) {
  const samples = parsePrometheus(await mergeSnapshots(retained.snapshots(answered)));
  return (name: string, labels = {}) => sumOf(samples, name, labels);
}

async function withTwo(): Promise<RetainedMetrics> {
  const retained = new RetainedMetrics();
  retained.update(1, await sent(5));
  retained.update(2, await sent(7));
  return retained;
}

describe("a worker that ended", () => {
  test("leaves its counters and histograms, and its successor adds to them", async () => {
    const retained = await withTwo();
    retained.end(1);
    const without = await samplesOf(retained, new Set([2]));
    expect(without("signway_requests_total")).toBe(12);
    retained.update(1, await sent(3, { status: 404 }));
    const value = await samplesOf(retained, BOTH);
    expect(value("signway_requests_total")).toBe(15);
    expect(value("signway_requests_total", { status: "404" })).toBe(3);
    expect(value("signway_llm_tokens_total", { type: "input" })).toBe(45);
    expect(value("signway_duration_seconds_count")).toBe(15);
    expect(value("signway_duration_seconds_sum")).toBeCloseTo(0.3);
    expect(value("signway_duration_seconds_bucket", { le: "0.005" })).toBe(0);
    expect(value("signway_duration_seconds_bucket", { le: "0.025" })).toBe(15);
    expect(value("signway_duration_seconds_bucket", { le: "+Inf" })).toBe(15);
  });

  test("takes its gauges with it", async () => {
    const retained = await withTwo();
    expect((await samplesOf(retained, BOTH))("signway_open_exchanges")).toBe(2);
    retained.end(1);
    expect((await samplesOf(retained, BOTH))("signway_open_exchanges")).toBe(1);
    retained.end(2);
    const names = parsePrometheus(await mergeSnapshots(retained.snapshots(BOTH)));
    expect(names.filter(({ name }) => /open|resident|build|start_time/.test(name))).toEqual([]);
  });

  test("that had sent nothing leaves nothing", async () => {
    const retained = new RetainedMetrics();
    retained.end(1);
    expect(retained.snapshots(BOTH)).toEqual([[]]);
  });

  test("and its successor are one worker where the highest of all counts", async () => {
    const retained = new RetainedMetrics();
    for (const number of BOTH) retained.update(number, await sent(0, { reloads: 2 }));
    for (const number of BOTH) retained.end(number);
    for (const number of BOTH) retained.update(number, await sent(0, { reloads: 1 }));
    const value = await samplesOf(retained, BOTH);
    expect(value("signway_reloads_total", { result: "loaded" })).toBe(3);
  });

  test("leaves nothing that grows with the number of those that ended", async () => {
    const size = (retained: RetainedMetrics) =>
      retained
        .snapshots(new Set())
        .flat()
        .flatMap(({ values }) => values).length;
    const retained = await withTwo();
    const before = size(retained);
    for (let i = 0; i < 50; i++) {
      retained.end(1);
      retained.update(1, await sent(1));
    }
    expect(size(retained)).toBe(before);
    expect((await samplesOf(retained, BOTH))("signway_requests_total")).toBe(5 + 7 + 50);
  });
});

describe("a worker that does not answer", () => {
  test("counts with what it last sent, without gauges", async () => {
    const retained = await withTwo();
    const value = await samplesOf(retained, new Set([2]));
    expect(value("signway_requests_total")).toBe(12);
    expect(value("signway_open_exchanges")).toBe(1);
  });

  test("has its gauges again when it answers", async () => {
    const retained = await withTwo();
    retained.snapshots(new Set([2]));
    expect((await samplesOf(retained, BOTH))("signway_open_exchanges")).toBe(2);
  });
});

test("the metrics stay in their order, whoever ended", async () => {
  const retained = await withTwo();
  const names = async () =>
    [...(await mergeSnapshots(retained.snapshots(BOTH))).matchAll(/^# TYPE (\S+)/gm)].map(
      ([, name]) => name,
    );
  const before = await names();
  retained.end(1);
  expect(await names()).toEqual(before);
});

test("sums of fractions do not fall by a last digit, in whatever order workers end and answer", async () => {
  const { below } = createRandom(1);
  const retained = new RetainedMetrics();
  const running = new Map<number, number>();
  const metric = { name: "cost_total", help: "Cost.", type: "counter", aggregator: "sum" };
  let [last, total] = [0, 0];
  for (let step = 0; step < 2_000; step++) {
    const number = 1 + below(5);
    if (below(4) === 0) {
      retained.end(number);
      running.delete(number);
    } else {
      const cost = below(1_000) / 700;
      total += cost;
      running.set(number, (running.get(number) ?? 0) + cost);
      const values = [{ labels: { app: "web" }, value: running.get(number)! }];
      retained.update(number, [{ ...metric, values }] as unknown as MetricsSnapshot);
    }
    const value = (await samplesOf(retained, new Set([below(6)])))("cost_total");
    expect(value).toBeGreaterThanOrEqual(last);
    expect(value).toBeCloseTo(total, 6);
    last = value;
  }
});
