import type { Usage } from "../../../../lib/gateway/model/usage.ts";
import type { Operation } from "../../../../lib/gateway/providers/operation.ts";
import { OPERATIONS } from "../../../../lib/gateway/providers/operations.ts";
import type { PricedProvider } from "../../../../lib/gateway/usage/prices.ts";

/** An answer of a provider, with what it reports. */
export interface Answered {
  operation: Operation;
  type: "text/event-stream" | "application/json";
  body: string;
  usage: Usage;
  /** The text with which the answer is complete. Default: the end of the body. */
  endsWith?: string;
}

export function operationOf(provider: PricedProvider, path: string): Operation {
  const operation = OPERATIONS[provider].find((candidate) => candidate.path === path);
  if (!operation) throw new Error(`there is no operation ${path}`);
  return operation;
}

export const CHAT = operationOf("openai", "/chat/completions");
export const RESPONSES = operationOf("openai", "/responses");
export const EMBEDDINGS = operationOf("openai", "/embeddings");
export const MESSAGES = operationOf("anthropic", "/messages");
export const GENERATE = operationOf("google", "/models/{model}:generateContent");
export const STREAM_GENERATE = operationOf("google", "/models/{model}:streamGenerateContent");

export const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
export const named = (value: { type: string }): string => `event: ${value.type}\n${data(value)}`;

export const CHAT_USAGE = {
  prompt_tokens: 12,
  completion_tokens: 7,
  total_tokens: 19,
  prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

export const chunk = (choices: object[], usage: unknown = null): string =>
  data({ object: "chat.completion.chunk", model: "gpt-5-mini-2025-08-07", choices, usage });

const TEXT = 'A "usage" of {braces}, \\ and "prompt_tokens": [DONE] é \u{1f600}\n';

export const CHAT_EVENTS = [
  chunk([{ index: 0, delta: { role: "assistant", content: "" } }]),
  chunk([{ index: 0, delta: { content: TEXT } }]),
  chunk([{ index: 0, delta: {}, finish_reason: "stop" }]),
  chunk([], CHAT_USAGE),
  "data: [DONE]\n\n",
];

const OF_CHAT = { input: 12, output: 7, cached: 4, cacheWrite: 2, reasoning: 3 };

const RESPONSES_USAGE = {
  input_tokens: 20,
  input_tokens_details: { cached_tokens: 5 },
  output_tokens: 11,
  output_tokens_details: { reasoning_tokens: 6 },
};
const response = (status: string, usage: unknown) => ({
  id: "resp_1",
  model: "gpt-5-mini",
  status,
  output: [{ type: "message", content: [{ type: "output_text", text: TEXT }] }],
  usage,
});
const OF_RESPONSES = { model: "gpt-5-mini", input: 20, output: 11, cached: 5, reasoning: 6 };

export const responseEvents = (last: string, usage: unknown = RESPONSES_USAGE): string[] => [
  named({ type: "response.created", ...{ response: response("in_progress", null) } }),
  named({ type: "response.output_text.delta", ...{ delta: TEXT } }),
  named({ type: last, ...{ response: response("completed", usage) } }),
];

export const MESSAGE_EVENTS = [
  named({
    type: "message_start",
    ...{
      message: {
        model: "claude-sonnet-4-5",
        usage: {
          input_tokens: 10,
          cache_creation_input_tokens: 300,
          cache_read_input_tokens: 2000,
          output_tokens: 1,
        },
      },
    },
  }),
  named({ type: "ping" }),
  named({ type: "content_block_delta", ...{ delta: { type: "text_delta", text: TEXT } } }),
  named({
    type: "message_delta",
    ...{ delta: { stop_reason: "end_turn" }, usage: { input_tokens: null, output_tokens: 15 } },
  }),
  named({ type: "message_stop" }),
];

const candidate = (text: string, finishReason?: string, index?: number) => ({
  content: { parts: [{ text }], role: "model" },
  ...(finishReason !== undefined && { finishReason }),
  ...(index !== undefined && { index }),
});

export const piece = (candidates: object[], candidatesTokenCount: number, more = {}) => ({
  candidates,
  usageMetadata: { promptTokenCount: 30, candidatesTokenCount, ...more },
  modelVersion: "gemini-2.5-flash",
});

export const PIECES = [
  piece([candidate(TEXT)], 3),
  piece([candidate("b")], 5),
  piece([candidate("c", "STOP")], 9, { thoughtsTokenCount: 40, cachedContentTokenCount: 8 }),
];
export const GOOGLE_EVENTS = PIECES.map((it) => `data: ${JSON.stringify(it)}\r\n\r\n`);

export const TWO_CANDIDATES = [
  piece([candidate("a", undefined, 0), candidate("b", undefined, 1)], 3),
  piece([candidate("c", "STOP", 0)], 5),
  piece([candidate("d", "STOP", 1)], 9),
];

const OF_GOOGLE = { model: "gemini-2.5-flash", input: 30, output: 49, cached: 8, reasoning: 40 };

const events = (operation: Operation, parts: readonly string[], usage: Usage): Answered => ({
  operation,
  type: "text/event-stream",
  body: parts.join(""),
  usage,
});
const json = (operation: Operation, value: unknown, usage: Usage, space?: number): Answered => ({
  operation,
  type: "application/json",
  body: `${JSON.stringify(value, null, space)}\n`,
  endsWith: JSON.stringify(value, null, space),
  usage,
});

const CHAT_ANSWER = {
  object: "chat.completion",
  choices: [{ message: { content: TEXT, usage: { prompt_tokens: 1 } } }],
  model: "gpt-5-mini",
  usage: CHAT_USAGE,
};

/** Answers with a report, by what they are. */
export const ANSWERS: Readonly<Record<string, Answered>> = {
  "chat as events": events(CHAT, CHAT_EVENTS, { model: "gpt-5-mini-2025-08-07", ...OF_CHAT }),
  "chat as events with CRLF": events(
    CHAT,
    CHAT_EVENTS.map((event) => event.replaceAll("\n", "\r\n")),
    { model: "gpt-5-mini-2025-08-07", ...OF_CHAT },
  ),
  "chat with usage so far in each event": events(
    CHAT,
    [
      chunk([{ index: 0 }], { prompt_tokens: 12, completion_tokens: 1 }),
      chunk([{ index: 0 }], { prompt_tokens: 12, completion_tokens: 2 }),
      "data: [DONE]\n\n",
    ],
    { model: "gpt-5-mini-2025-08-07", input: 12, output: 2 },
  ),
  "chat as JSON": json(CHAT, CHAT_ANSWER, { model: "gpt-5-mini", ...OF_CHAT }),
  "chat as JSON with white space": json(CHAT, CHAT_ANSWER, { model: "gpt-5-mini", ...OF_CHAT }, 2),
  "responses, completed": events(RESPONSES, responseEvents("response.completed"), OF_RESPONSES),
  "responses, incomplete": events(RESPONSES, responseEvents("response.incomplete"), OF_RESPONSES),
  "responses, failed": events(RESPONSES, responseEvents("response.failed"), OF_RESPONSES),
  "responses as JSON": json(RESPONSES, response("completed", RESPONSES_USAGE), OF_RESPONSES),
  "messages as events": events(MESSAGES, MESSAGE_EVENTS, {
    model: "claude-sonnet-4-5",
    input: 2310,
    output: 15,
    cached: 2000,
    cacheWrite: 300,
  }),
  "messages as JSON": json(
    MESSAGES,
    {
      content: [{ type: "text", text: TEXT }],
      model: "claude-sonnet-4-5",
      usage: {
        input_tokens: 10,
        output_tokens: 5,
        output_tokens_details: { thinking_tokens: 2 },
        iterations: [{ type: "message", input_tokens: 10, output_tokens: 5 }],
      },
    },
    { model: "claude-sonnet-4-5", input: 10, output: 5, reasoning: 2 },
  ),
  "generateContent as events": events(STREAM_GENERATE, GOOGLE_EVENTS, OF_GOOGLE),
  "generateContent as a list": json(STREAM_GENERATE, PIECES, OF_GOOGLE),
  "generateContent as a list with white space": json(STREAM_GENERATE, PIECES, OF_GOOGLE, 1),
  "generateContent as JSON": json(GENERATE, PIECES[2], OF_GOOGLE),
  "generateContent with a refused prompt": events(
    STREAM_GENERATE,
    [
      data({
        promptFeedback: { blockReason: "SAFETY" },
        usageMetadata: { promptTokenCount: 30 },
        modelVersion: "gemini-2.5-flash",
      }),
    ],
    { model: "gemini-2.5-flash", input: 30, output: 0 },
  ),
  "embeddings as JSON": json(
    EMBEDDINGS,
    {
      data: [{ embedding: [0.5, -1e-7, 3] }, { embedding: [[1], { a: "]" }] }],
      model: "text-embedding-3-small",
      usage: { prompt_tokens: 8, total_tokens: 8 },
    },
    { model: "text-embedding-3-small", input: 8, output: 0 },
  ),
};
