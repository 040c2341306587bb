import { describe, expect, test } from "bun:test";
import { isEncoded, isEventStream } from "../../../../lib/gateway/body/event_type.ts";

describe("isEventStream", () => {
  test.each<[string | undefined, boolean]>([
    ["text/event-stream", true],
    ["text/event-stream; charset=utf-8", true],
    ["text/event-stream;charset=utf-8", true],
    ["Text/Event-Stream", true],
    [" text/event-stream ", true],
    ["text/event-stream, text/event-stream", true],
    ["text/event-stream; charset=utf-8, text/event-stream", true],
    ["text/plain, text/event-stream;charset=utf-8", true],
    ["text/event-stream, ", true],
    ["text/event-stream, application/json", false],
    ["text/event-streams", false],
    ["application/json", false],
    ["text/plain; text/event-stream", false],
    ["", false],
    [undefined, false],
  ])("%j: %p", (type, expected) => {
    expect(isEventStream(new Headers(type === undefined ? {} : { "content-type": type }))).toBe(
      expected,
    );
  });
});

describe("isEncoded", () => {
  test.each<[string | undefined, boolean]>([
    [undefined, false],
    ["", false],
    ["none", false],
    ["utf-8", false],
    ["UTF-8", false],
    ["identity", false],
    ["Identity, identity", false],
    ["identity, , identity", false],
    ["8bit", false],
    ["x-odd", false],
    ["gzip", true],
    ["GZIP", true],
    [" br ", true],
    ["zstd", true],
    ["identity, gzip", true],
    ["gzip,identity", true],
    ["deflate, gzip", true],
    ["x-gzip", true],
    ["compress", true],
    ["dcb", true],
    ["dcz", true],
  ])("%j: %p", (coding, expected) => {
    const headers = new Headers(coding === undefined ? {} : { "content-encoding": coding });
    expect(isEncoded(headers)).toBe(expected);
  });
});
