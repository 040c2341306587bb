import { describe, expect, test } from "bun:test";
import { EventSplitter } from "../../../../lib/gateway/body/event_splitter.ts";
import type { Bytes } from "../../../../lib/gateway/body/relay.ts";

const bytesOf = (text: string): Bytes => new TextEncoder().encode(text);
const textOf = (bytes: Bytes) => new TextDecoder().decode(bytes);

/** The events of a stream that arrives in pieces of a size. */
function split(text: string, size: number, limit = 1000): string[] {
  const splitter = new EventSplitter(limit);
  const events: Bytes[] = [];
  const bytes = bytesOf(text);
  for (let start = 0; start < bytes.length; start += size) {
    events.push(...splitter.push(bytes.slice(start, start + size)));
  }
  return [...events, splitter.end()].map(textOf).filter((event) => event !== "");
}

describe("EventSplitter", () => {
  test.each<[string, readonly string[]]>([
    ["data: a\n\ndata: b\n\n", ["data: a\n\n", "data: b\n\n"]],
    ["data: a\r\rdata: b\r\r", ["data: a\r\r", "data: b\r\r"]],
    ["data: a\r\n\r\ndata: b\r\n\r\n", ["data: a\r\n\r", "\ndata: b\r\n\r", "\n"]],
    ["id: 1\nevent: x\ndata: a\ndata: b\n\n", ["id: 1\nevent: x\ndata: a\ndata: b\n\n"]],
    ["data: a\n\r\ndata: b\n\n", ["data: a\n\r", "\ndata: b\n\n"]],
    ["data: ü\n\ndata: last", ["data: ü\n\n", "data: last"]],
    ["\n\ndata: a\n\n", ["\n", "\n", "data: a\n\n"]],
    [": ping\n\ndata: a\n\n", [": ping\n\n", "data: a\n\n"]],
    ["", []],
  ])("%j", (text, events) => {
    for (const size of [1, 2, 3, 5, 8, 1000]) {
      expect(split(text, size)).toEqual([...events]);
    }
  });

  test("refuses an event that is longer than the limit", () => {
    const text = `data: ${"x".repeat(50)}\n\n`;
    expect(split(text.repeat(20), 7, text.length)).toHaveLength(20);
    expect(() => split(`data: ${"x".repeat(200)}`, 7, 100)).toThrow(RangeError);
  });
});
