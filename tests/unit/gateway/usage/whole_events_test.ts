import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { WholeEvents } from "../../../../lib/gateway/usage/whole_events.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The runs of events of a stream whose pieces have these sizes. */
function runsOf(stream: string, sizes: readonly number[], limit = 1_000): string[] {
  const whole = new WholeEvents(limit);
  const bytes = encoder.encode(stream);
  const runs: string[] = [];
  for (let start = 0, i = 0; start < bytes.length; i++) {
    const size = sizes[i % sizes.length]!;
    const events = whole.push(bytes.slice(start, start + size));
    if (events) runs.push(decoder.decode(events));
    start += size;
  }
  return runs;
}

describe("a stream is divided at blank lines", () => {
  test.each([
    ["a: 1\n\nb: 2\n\n", [4], ["a: 1\n\n", "b: 2\n\n"]],
    ["a: 1\n\nb: 2\n\n", [12], ["a: 1\n\nb: 2\n\n"]],
    ["a\r\n\r\nb", [3], ["a\r\n\r\n"]],
    ["a\r\n\r\nb\r\n\r\n", [1], ["a\r\n\r", "\nb\r\n\r"]],
    ["a\r\rb\r\r", [1], ["a\r\r", "b\r\r"]],
    ["a\n\r\nb\r\n\n", [1], ["a\n\r", "\nb\r\n\n"]],
    ["a\r\nb\r\n", [1], []],
    ["no end", [2], []],
    ["", [1], []],
  ] as [string, number[], string[]][])("%j, in pieces of %j", (stream, sizes, runs) => {
    expect(runsOf(stream, sizes)).toEqual(runs);
  });

  test("so that all runs together are the whole events of the stream, in order", () => {
    const line = fc.constantFrom("data: a", "\n", "\r\n", "\n\n", "\r\n\r\n", ": c", "event: e");
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(line), sizes, (lines, pieces) => {
        const stream = `${lines.join("")}\n\n`;
        const joined = runsOf(stream, pieces).join("");
        // Of the last CRLF the LF may be missing, and ends nothing more.
        expect([stream, stream.slice(0, -1)]).toContain(joined);
      }),
      { numRuns: 200 },
    );
  });

  test("unless an event is too long", () => {
    expect(() => runsOf("x".repeat(1_001), [100])).toThrow(RangeError);
    expect(() => runsOf("x".repeat(1_001), [2_000])).toThrow(RangeError);
    expect(runsOf(`${"x".repeat(900)}\n\n`.repeat(3), [10_000]).length).toBe(1);
  });
});
