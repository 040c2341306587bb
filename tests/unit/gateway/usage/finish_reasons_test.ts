import { expect, test } from "bun:test";
import { FinishReasons } from "../../../../lib/gateway/usage/finish_reasons.ts";

const encoder = new TextEncoder();

function reasonsIn(text: string, size = Infinity): readonly string[] | undefined {
  const reader = new FinishReasons();
  const bytes = encoder.encode(text);
  for (let at = 0; at < bytes.length; at += size) reader.read(bytes.subarray(at, at + size));
  return reader.all;
}

const CASES: [string, string, string[] | undefined][] = [
  [
    "OpenAI",
    '{"choices":[{"finish_reason":"stop"},{"finish_reason": "length"}]}',
    ["stop", "length"],
  ],
  [
    "a stream",
    'data: {"finish_reason":null}\n\ndata: {"finish_reason":"tool_calls"}\n\n',
    ["tool_calls"],
  ],
  ["Anthropic", '{"stop_reason":"end_turn","stop_sequence":null}', ["end_turn"]],
  ["Bedrock", '{"stopReason":"max_tokens"}', ["max_tokens"]],
  ["Google", '{"candidates":[{"finishReason":"MAX_TOKENS"}]}', ["MAX_TOKENS"]],
  ["a text that quotes one", JSON.stringify({ text: '"finish_reason":"stop"' }), undefined],
  ["a value that no API has", '{"finish_reason":"canary"}', ["other"]],
  ["none", '{"choices":[]}', undefined],
];

test.each(CASES)("FinishReasons finds those of %s", (_, text, expected) => {
  expect(reasonsIn(text)).toEqual(expected!);
});

test.each(CASES)("FinishReasons finds those of %s in pieces of any size", (_, text, expected) => {
  for (const size of [1, 2, 3, 7, 16]) expect(reasonsIn(text, size)).toEqual(expected!);
});

test("FinishReasons keeps no more than sixteen, whatever comes", () => {
  expect(reasonsIn('"finish_reason":"stop",'.repeat(100), 50)).toHaveLength(16);
});
