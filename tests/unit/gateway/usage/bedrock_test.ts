import { describe, expect, test } from "bun:test";
import { createUsageReader } from "../../../../lib/gateway/usage/usage_reader.ts";
import { createBuiltInPrices } from "../../../../lib/gateway/usage/builtin_prices.ts";
import { operationOf } from "./answers.ts";
import { errorFrame, frame } from "../../../support/event_frame.ts";

const CONVERSE = operationOf("bedrock", "/model/{model}/converse");
const STREAM = operationOf("bedrock", "/model/{model}/converse-stream");
const INVOKE = operationOf("bedrock", "/model/{model}/invoke");
const INVOKE_STREAM = operationOf("bedrock", "/model/{model}/invoke-with-response-stream");

const FRAMES = "application/vnd.amazon.eventstream";
const USAGE = {
  ...{ inputTokens: 12, outputTokens: 7, totalTokens: 25 },
  ...{ cacheReadInputTokens: 4, cacheWriteInputTokens: 2 },
};
const READ = { input: 18, output: 7, cached: 4, cacheWrite: 2 };

const CONVERSED = [
  frame("messageStart", { role: "assistant", p: "abc" }),
  frame("contentBlockDelta", {
    delta: { text: '"usage": {"inputTokens": 99}' },
    contentBlockIndex: 0,
  }),
  frame("messageStop", { stopReason: "end_turn" }),
  frame("metadata", { usage: USAGE, metrics: { latencyMs: 5 }, p: "abcdefgh" }),
];

const chunk = (event: object) => {
  const bytes = Buffer.from(JSON.stringify(event)).toString("base64");
  return frame("chunk", { bytes, p: "ab" });
};

const OF_ANTHROPIC = {
  input_tokens: 12,
  cache_read_input_tokens: 4,
  cache_creation_input_tokens: 2,
};
const INVOKED = [
  chunk({
    type: "message_start",
    message: { model: "claude-x", usage: { ...OF_ANTHROPIC, output_tokens: 1 } },
  }),
  chunk({ type: "content_block_delta", delta: { type: "text_delta", text: "Hi" } }),
  chunk({ type: "message_delta", usage: { output_tokens: 7 } }),
  chunk({ type: "message_stop", "amazon-bedrock-invocationMetrics": { inputTokenCount: 12 } }),
];

/** What is read from an answer that comes in pieces of this size. */
function reportOf(operation: typeof CONVERSE, type: string, body: Buffer, size: number) {
  const headers = new Headers({ "content-type": type });
  const reader = createUsageReader(operation.usage!, { status: 200, headers })!;
  for (let at = 0; at < body.length; at += size) {
    reader.read(new Uint8Array(body.subarray(at, at + size)));
  }
  return reader.report();
}

describe.each([1, 7, 64, 100_000])("the usage of Bedrock, in pieces of %d bytes,", (size) => {
  test.each([
    ["converse", CONVERSE, JSON.stringify({ output: {}, stopReason: "end_turn", usage: USAGE })],
    [
      "invoke",
      INVOKE,
      JSON.stringify({ model: "claude-x", usage: { ...OF_ANTHROPIC, output_tokens: 7 } }),
    ],
  ] as const)("of %s", (_, operation, body) => {
    expect(reportOf(operation, "application/json", Buffer.from(body), size)).toEqual(READ);
  });

  test.each([
    ["converse-stream", STREAM, CONVERSED],
    ["invoke-with-response-stream", INVOKE_STREAM, INVOKED],
  ] as const)("of %s, and none of a part of it", (_, operation, frames) => {
    expect(reportOf(operation, FRAMES, Buffer.concat(frames), size)).toEqual(READ);
    const part = Buffer.concat(frames.slice(0, -1));
    expect(reportOf(operation, FRAMES, part, size)).toBeUndefined();
    const cut = Buffer.concat(frames).subarray(0, -1);
    expect(reportOf(operation, FRAMES, cut, size)).toBeUndefined();
  });
});

test.each<[string, Buffer]>([
  [
    "an error in place of the end",
    Buffer.concat([...CONVERSED.slice(0, -1), errorFrame("throttlingException")]),
  ],
  [
    "a frame that is too long",
    Buffer.concat([Buffer.from("7fffffff00000000", "hex"), Buffer.alloc(64)]),
  ],
  ["a frame that is too short", Buffer.alloc(64)],
  [
    "headers that are longer than the frame",
    Buffer.from("00000014000000ff0000000000000000aabbccdd", "hex"),
  ],
  ["a header of an unknown type", Buffer.from("0000001400000004000000000161ff00aabbccdd", "hex")],
  [
    "a header that ends behind the headers",
    Buffer.from("00000014000000040000000003616107aabbccdd", "hex"),
  ],
])("%s has no report", (_, body) => {
  expect(reportOf(STREAM, FRAMES, body, 10)).toBeUndefined();
});

test("models of Bedrock have prices by their ids there", async () => {
  const prices = createBuiltInPrices();
  await prices.load();
  const now = Date.parse("2026-11-29T12:00:00Z");
  const found = prices.find("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", now);
  expect(found?.prices["input_mtok"]).toBe(3.3);
  expect(prices.find("bedrock", "gpt-5-mini", now)).toBeUndefined();
});
