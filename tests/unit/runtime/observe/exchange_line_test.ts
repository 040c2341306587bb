import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import pino from "pino";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import { exchangeLine, levelOf } from "../../../../lib/runtime/observe/exchange_line.ts";

const TIME = "2026-07-01T12:00:00.007Z";
const RECORD: ExchangeRecord = {
  requestId: "9f0c",
  method: "GET",
  status: 200,
  bytesIn: 0,
  bytesOut: 12,
  headMs: 1.25,
  durationMs: 3,
  outcome: "complete",
};
const ABSENT: Partial<ExchangeRecord> = { upstreamRequestId: undefined };

/** The line of the same fields that pino writes. */
function lineOfPino(fields: object, base: Record<string, unknown>, level: "info" | "warn"): string {
  let written = "";
  const log = pino(
    {
      base,
      timestamp: () => `,"time":"${TIME}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => (written = line) },
  );
  log[level](fields, "request");
  return written;
}

const HOSTILE = [
  "",
  'quotes " and \\ backslashes',
  "a line\nand another\r\u2028\u2029",
  "\u0000\u0001\u001b[31m\u007f\u0085",
  "\u202e, \u{1f600}, é",
  '"},{"level":"fatal"',
  "x".repeat(200),
  `${"x".repeat(200)}"\n`,
  "__proto__",
];

describe("exchangeLine is what pino writes", () => {
  test.each(HOSTILE.map((text) => [JSON.stringify(text), text]))("of %s", (_, text) => {
    const record = { ...RECORD, ...ABSENT, app: text, upstream: text, tokenId: text, reason: text };
    const line = exchangeLine(record, { level: "warn", time: TIME, base: {}, bytesMonitor: false });
    const { requestId: request_id, method, status, headMs, durationMs, outcome } = record;
    const fields = {
      ...{ request_id, method, status, ttfb_ms: headMs, duration_ms: durationMs, outcome },
      ...{ app: text, jti: text, upstream: text, reason: text, upstream_request_id: undefined },
    };
    expect(line).toBe(lineOfPino(fields, {}, "warn"));
    expect(line.indexOf("\n")).toBe(line.length - 1);
  });

  test("of any text and number", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 150 });
    const number = fc.oneof(fc.double(), fc.nat(), fc.constant(-0));
    fc.assert(
      fc.property(text, text, number, number, fc.nat(), (app, reason, headMs, costUsd, worker) => {
        const record = { ...RECORD, headMs, app, reason, costUsd };
        const parts = { level: "info", time: TIME, base: { worker }, bytesMonitor: true } as const;
        const { requestId: request_id, method, status, bytesIn, bytesOut, durationMs } = RECORD;
        const fields = {
          ...{ request_id, method, status, bytes_in: bytesIn, bytes_out: bytesOut },
          ...{ ttfb_ms: headMs, duration_ms: durationMs, outcome: "complete" },
          ...{ app, reason, cost_usd: costUsd },
        };
        expect(exchangeLine(record, parts)).toBe(lineOfPino(fields, { worker }, "info"));
      }),
    );
  });
});

test.each([
  ["complete", "info"],
  ["client_gone", "info"],
  ["refused", "warn"],
  ["upstream_truncated", "warn"],
  ["internal_error", "error"],
] as const)("levelOf %s is %s", (outcome, level) => {
  expect(levelOf({ outcome })).toBe(level);
});
