import { describe, expect, test } from "bun:test";
import { Trace } from "../../../../lib/gateway/record/trace.ts";
import {
  formatTraceparent,
  parseTraceparent,
} from "../../../../lib/gateway/record/trace_context.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";
const ALL = { ratio: 1, followsParent: true };

describe("parseTraceparent()", () => {
  test.each([
    ["a sampled one", `00-${TRACE}-${SPAN}-01`, true],
    ["one that is not sampled", `00-${TRACE}-${SPAN}-00`, false],
    ["one with further flags", `00-${TRACE}-${SPAN}-03`, true],
    ["one of a later version", `cc-${TRACE}-${SPAN}-01-what-comes`, true],
  ])("reads %s", (_, text, isSampled) => {
    expect(parseTraceparent(text)).toEqual({ traceId: TRACE, spanId: SPAN, isSampled });
  });

  test.each([
    ["none", null],
    ["an empty text", ""],
    ["capitals", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ["a trace id of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
    ["a span id of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
    ["the version ff", `ff-${TRACE}-${SPAN}-01`],
    ["further parts in the first version", `00-${TRACE}-${SPAN}-01-more`],
    ["a short id", `00-${TRACE.slice(1)}-${SPAN}-01`],
    ["two values", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ])("takes %s for no context", (_, text) => {
    expect(parseTraceparent(text)).toBeUndefined();
  });
});

/** A trace of a caller with this `traceparent`. */
function traceOf(sampling: typeof ALL, { isTrusted = false, flags = "01", traceId = TRACE } = {}) {
  const trace = new Trace(`00-${traceId}-${SPAN}-${flags}`, () => 0, sampling);
  trace.admitted({ trustTraceparent: isTrusted }, "/");
  return trace;
}

describe("Trace", () => {
  test("keeps no traceparent of any length", () => {
    const ofLength = (length: number) =>
      new Trace(`cc-${TRACE}-${SPAN}-01-`.padEnd(length, "x"), () => 0, ALL);
    expect(ofLength(256).link).toBeDefined();
    expect(ofLength(257).link).toBeUndefined();
  });

  test.each([
    ["always", { ratio: 1, followsParent: false }, {}, true],
    ["never", { ratio: 0, followsParent: false }, {}, false],
    ["as a trusted caller", { ratio: 0, followsParent: true }, { isTrusted: true }, true],
    [
      "as a trusted caller that does not",
      { ratio: 1, followsParent: true },
      { isTrusted: true, flags: "00" },
      false,
    ],
    ["not as a caller that is not trusted", { ratio: 0, followsParent: true }, {}, false],
    [
      "by the last digits of a trusted trace",
      { ratio: 0.5, followsParent: false },
      { isTrusted: true, traceId: `${"1".repeat(19)}8000000000000` },
      true,
    ],
    [
      "by the last digits of a trusted trace, below the share",
      { ratio: 0.5, followsParent: false },
      { isTrusted: true, traceId: `${"1".repeat(19)}7ffffffffffff` },
      false,
    ],
  ])("is sampled %s", (_, sampling, caller, isSampled) => {
    expect(traceOf(sampling, caller).isSampled).toBe(isSampled);
  });

  test("of its own is sampled by its share, and another gateway with this share decides alike", () => {
    const sampling = { ratio: 0.3, followsParent: false };
    const traces = Array.from({ length: 5000 }, () => new Trace(null, () => 0, sampling));
    const sampled = traces.filter((trace) => trace.isSampled).length;
    expect(sampled).toBeGreaterThan(1300);
    expect(sampled).toBeLessThan(1700);
    for (const { traceId, isSampled } of traces.slice(0, 500)) {
      expect(traceId).toMatch(/^[\da-f]{32}$/);
      expect(traceOf(sampling, { isTrusted: true, traceId }).isSampled).toBe(isSampled);
    }
    expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(5000);
  });

  test("tells the upstream of the call's span, also where it is not sampled", () => {
    const trace = new Trace(null, () => 0, { ratio: 0, followsParent: false });
    const { traceId, clientSpanId: spanId } = trace;
    expect(trace.traceparent).toBe(formatTraceparent({ traceId, spanId, isSampled: false }));
    expect(parseTraceparent(trace.traceparent)).toEqual({ traceId, spanId, isSampled: false });
  });

  test("times the first chunk of a stream alone", () => {
    let now = 0;
    const trace = new Trace(null, () => now, ALL);
    trace.sent(new URL("http://a.test/"), undefined);
    trace.passed();
    expect(trace.call?.firstChunkMs).toBeUndefined();
    trace.streams();
    now = 7;
    trace.passed();
    now = 9;
    trace.passed();
    expect(trace.call?.firstChunkMs).toBe(7);
  });
});

describe("a call of a model", () => {
  const called = { provider: "openai", operation: "chat" };
  const traced = (model: string | undefined) => {
    const trace = new Trace(null, () => 0, ALL);
    trace.calls({ ...called, model, ...{ pricedAs: () => model } });
    return trace.model;
  };

  test.each([
    ["a name", "gpt-5-mini", "gpt-5-mini"],
    ["no name", undefined, undefined],
    ["a name that is as long as the body", "m".repeat(1_000_000), undefined],
    ["a name with a line break", "gpt\nx", undefined],
    ["a name that looks like a token", "eyJhbGciOiJub25lIn0", undefined],
  ])("with %s leaves nothing else in the trace", (_, model, expected) => {
    expect(traced(model)).toStrictEqual({ ...called, model: expected });
  });
});
