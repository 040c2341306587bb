import { expect, test } from "bun:test";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import { Trace } from "../../../../lib/gateway/record/trace.ts";
import { createMetrics } from "../../../../lib/runtime/observe/metrics.ts";
import { ExchangeHistograms } from "../../../../lib/runtime/observe/otlp/exchange_histograms.ts";

const RECORD: ExchangeRecord = {
  ...{ requestId: "r", app: "web", method: "GET", rule: "api.example", status: 200 },
  ...{ outcome: "complete", verifyMs: 1, headMs: 1, durationMs: 2, bytesIn: 0, bytesOut: 0 },
};

const STATUSES = Array.from({ length: 1_000 }, (_, status) => status);
const modelOf = () => "other";

/** The values of a label of a metric. */
async function labelsOf(records: readonly ExchangeRecord[], metric: string, label: string) {
  const metrics = createMetrics(() => 0);
  for (const record of records) metrics.observe(record, modelOf);
  const lines = (await metrics.text()).split("\n").filter((line) => line.startsWith(`${metric}{`));
  const values = lines.map((line) => new RegExp(`\\b${label}="([^"]*)"`).exec(line)![1]!);
  return new Set(values);
}

test("metrics have the statuses that are known, and the classes of others", async () => {
  const records = STATUSES.map((status) => ({ ...RECORD, status }));
  const labels = await labelsOf(records, "signway_requests_total", "status");
  for (const known of ["0", "200", "404", "429", "500", "529"]) expect(labels).toContain(known);
  expect([...labels].filter((label) => label.endsWith("xx")).toSorted()).toEqual(
    Array.from({ length: 10 }, (_, i) => `${i}xx`),
  );
  expect(labels.size).toBeLessThan(100);
});

test("metrics have one reason for all statuses that cannot be", async () => {
  const records = STATUSES.map((status): ExchangeRecord => ({
    ...{ ...RECORD, outcome: "upstream_failed", code: "upstream_broken" },
    reason: `status ${status}`,
  }));
  const labels = await labelsOf(records, "signway_upstream_errors_total", "reason");
  expect(labels).toEqual(new Set(["status"]));
});

test("metrics have the close codes of the protocol, and one for all others", async () => {
  const records = Array.from({ length: 5_000 }, (_, closeCode) => ({ ...RECORD, closeCode }));
  const labels = await labelsOf(records, "signway_websocket_closes_total", "code");
  for (const known of ["1000", "1006", "1011", "other"]) expect(labels).toContain(known);
  expect(labels.size).toBe(16);
});

test("metrics for OTLP have the statuses that are known, and the classes of others", () => {
  const histograms = new ExchangeHistograms("https", 0);
  for (const status of STATUSES) {
    for (const method of ["GET", "A", "B", "C"]) {
      const trace = new Trace(null, () => 0, { ratio: 0, followsParent: false });
      trace.sent(new URL("https://api.example/"), undefined);
      trace.responded(status);
      histograms.observe({ ...RECORD, method, status }, trace, modelOf);
    }
  }
  // Two methods, of the server and of the client.
  expect(histograms.points).toBeLessThan(2 * 2 * 100);
  expect(JSON.stringify(histograms.metrics(1))).toContain('"intValue":"529"');
});
