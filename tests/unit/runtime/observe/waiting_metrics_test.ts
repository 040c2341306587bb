import { describe, expect, test } from "bun:test";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import { createMetrics } from "../../../../lib/runtime/observe/metrics.ts";

const record = (more: Partial<ExchangeRecord> = {}): ExchangeRecord => ({
  ...{ requestId: "r", app: "web", method: "POST", status: 200, outcome: "complete" },
  ...{ verifyMs: 1, rule: "api.test", headMs: 10, durationMs: 20, bytesIn: 1, bytesOut: 2 },
  ...{ inputTokens: 3, outputTokens: 4 },
  ...more,
});

describe("metrics of exchanges that were not counted yet", () => {
  test.each(["text", "snapshot"] as const)("are complete when %s is read", async (way) => {
    const metrics = createMetrics(() => 0);
    metrics.begin();
    metrics.observe(record(), () => "a-model");
    expect(JSON.stringify(await metrics[way]())).toMatch(/a-model/);
  });

  test("have the labels that were in force when the exchange ended", async () => {
    const metrics = createMetrics(() => 0);
    metrics.observe(record(), () => "before");
    metrics.observe(record(), () => "after");
    const text = await metrics.text();
    for (const model of ["before", "after"]) {
      expect(text).toMatch(new RegExp(`tokens_total{type="input",.*model="${model}"} 3\n`));
    }
  });

  test("lose one exchange that cannot be counted, and no other", async () => {
    const metrics = createMetrics(() => 0);
    metrics.observe(record({ inputTokens: -1 }), () => "a-model");
    for (let i = 0; i < 5; i++) metrics.observe(record(), () => "a-model");
    const { status, reason } = (await Promise.allSettled([metrics.text()]))[0] as any;
    expect([status, String(reason)]).toEqual(["rejected", expect.stringContaining("decrease")]);
    expect(await metrics.text()).toMatch(/tokens_total{type="input",.*} 15\n/);
  });
});
