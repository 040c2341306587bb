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

/** The events with an LF that arrived after its CR as a part of the event that the CR ended. */
function joined(events: readonly string[]): string[] {
  return events.reduce<string[]>((all, event) => {
    if (event === "\n" && all.at(-1)?.endsWith("\r"))
      return [...all.slice(0, -1), all.at(-1) + "\n"];
    return [...all, event];
  }, []);
}

describe("EventSplitter", () => {
  test.each<[string, readonly string[]]>([
    ["data: a\n\ndata: b\n\n", ["data: a\n\n", "data: b\n\n"]],
    ["data: a\r\rdata: b\r\r", ["data: a\r\r", "data: b\r\r"]],
    ["data: a\r\n\r\ndata: b\r\n\r\n", ["data: a\r\n\r\n", "data: b\r\n\r\n"]],
    ["id: 1\nevent: x\ndata: a\ndata: b\n\n", ["id: 1\nevent: x\ndata: a\ndata: b\n\n"]],
    ["data: a\n\r\ndata: b\n\n", ["data: a\n\r\n", "data: b\n\n"]],
    ["data: ü\n\ndata: last", ["data: ü\n\n", "data: last"]],
    ["\n\ndata: a\n\n", ["\n", "\n", "data: a\n\n"]],
    [": ping\n\ndata: a\n\n", [": ping\n\n", "data: a\n\n"]],
    ["", []],
  ])("%j", (text, events) => {
    for (const size of [1, 2, 3, 5, 8, 1000]) {
      expect(joined(split(text, size))).toEqual([...events]);
    }
  });

  test("does not wait for the LF of a blank line", () => {
    const splitter = new EventSplitter(1000);
    const push = (text: string) => splitter.push(bytesOf(text)).map(textOf);
    expect(push("data: a\r\n\r")).toEqual(["data: a\r\n\r"]);
    expect(push("\n")).toEqual(["\n"]);
    expect(push("data: b\r\n\r\n")).toEqual(["data: b\r\n\r\n"]);
  });

  test("passes an event that is longer than the limit, and what follows, as it comes", () => {
    const text = `data: ${"x".repeat(50)}\n\n`;
    const long = `data: ${"y".repeat(200)}\n\n`;
    for (const size of [1, 7, 58, 59, 1000]) {
      expect(split(text.repeat(20), size, text.length)).toEqual(Array(20).fill(text));
      const pieces = split(text + long + text, size, text.length);
      expect(pieces[0]).toBe(text);
      expect(pieces.join("")).toBe(text + long + text);
      expect(pieces.every(({ length }) => length <= Math.max(size, text.length))).toBe(true);
    }
  });

  test("tells whether one was", () => {
    const splitter = new EventSplitter(10);
    splitter.push(bytesOf("data: a\n\ndata: bcde"));
    expect(splitter.isExceeded).toBe(false);
    splitter.push(bytesOf("f"));
    expect(splitter.isExceeded).toBe(true);
    splitter.push(bytesOf("\n\ndata: a\n\n"));
    expect(splitter.isExceeded).toBe(true);
  });
});
