import { type Answer, answerTo, countTokens, textOf } from "./answer.ts";
import { eventStream, namedEvent } from "./event_stream.ts";
import { ProviderError, type ProviderStatus, required } from "./provider_error.ts";
import type { Call, Provider } from "./provider_server.ts";

/** The API of Anthropic: messages, the count of their tokens, and models. */
export const ANTHROPIC: Provider = {
  routes: [
    { method: "POST", path: /^\/v1\/messages$/, answer: createMessage },
    { method: "POST", path: /^\/v1\/messages\/count_tokens$/, answer: countInput },
    { method: "GET", path: /^\/v1\/models$/, answer: listModels },
  ],
  // The SDK sends its key in one of these headers, by its version.
  credentials: (key) => [{ "x-api-key": key }, { authorization: `Bearer ${key}` }],
  unauthorized: ({ "x-api-key": key }) =>
    new ProviderError(401, key === undefined ? "Invalid bearer token" : "invalid x-api-key"),
  errorResponse: ({ status, message }) => {
    const headers = { ...HEADERS, ...(status === 429 && { "retry-after": "1" }) };
    const error = { type: ERRORS[status], message };
    const document = { type: "error", error, request_id: HEADERS["request-id"] };
    return Response.json(document, { status, headers });
  },
};

const HEADERS = { "request-id": "req_1" };

// https://docs.anthropic.com/en/api/errors
const ERRORS: Readonly<Record<ProviderStatus, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  429: "rate_limit_error",
};

// https://docs.anthropic.com/en/api/messages
function createMessage(call: Call): Response {
  const { body, paceMs, bill } = call;
  const texts = textsOf(call);
  const question = { model: required(body, "model"), texts, cap: required(body, "max_tokens") };
  const answer = bill(answerTo(question));
  if (body["stream"]) return eventStream(messageEvents(answer), paceMs);
  const message = {
    ...envelope(answer),
    content: [{ type: "text", text: answer.text }],
    stop_reason: stopReason(answer),
    usage: { ...inputUsage(answer), ...outputUsage(answer) },
  };
  return Response.json(message, { headers: HEADERS });
}

/**
 * The events of a streamed answer, as on https://docs.anthropic.com/en/docs/build-with-claude/streaming: the
 * first has the usage of the input, and the last but one that of the output.
 */
export function messageEvents(answer: Answer): string[] {
  const usage = { ...inputUsage(answer), output_tokens: 1 };
  const message = { ...envelope(answer), content: [], stop_reason: null, usage };
  const block = { index: 0 };
  const events = [
    { type: "message_start", message },
    { type: "content_block_start", ...block, content_block: { type: "text", text: "" } },
    { type: "ping" },
    ...answer.pieces.map((text) => ({
      type: "content_block_delta",
      ...block,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", ...block },
    {
      type: "message_delta",
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      usage: { ...inputUsage(answer), ...outputUsage(answer) },
    },
    { type: "message_stop" },
  ];
  return events.map(namedEvent);
}

function countInput(call: Call): Response {
  required(call.body, "model");
  return Response.json({ input_tokens: countTokens(textsOf(call)) }, { headers: HEADERS });
}

function textsOf({ headers, body }: Call): string[] {
  if (!headers.has("anthropic-version")) {
    throw new ProviderError(400, "anthropic-version: header is required");
  }
  const messages: { content: unknown }[] = required(body, "messages");
  const system = body["system"] === undefined ? [] : [textOf(body["system"])];
  return [...system, ...messages.map(({ content }) => textOf(content))];
}

function envelope({ model }: Answer) {
  return { id: "msg_1", type: "message", role: "assistant", model, stop_sequence: null };
}

function stopReason({ isCut }: Answer): string {
  return isCut ? "max_tokens" : "end_turn";
}

/** Tokens from a cache are counted apart. */
function inputUsage({ inputTokens, cachedTokens }: Answer) {
  return {
    input_tokens: inputTokens - cachedTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cachedTokens,
  };
}

function outputUsage({ outputTokens, reasoningTokens }: Answer) {
  return {
    output_tokens: outputTokens,
    output_tokens_details: { thinking_tokens: reasoningTokens },
  };
}

function listModels(): Response {
  const ids = ["claude-test", "claude-test-mini"];
  const created_at = "2026-01-01T00:00:00Z";
  const data = ids.map((id) => ({ type: "model", id, display_name: id, created_at }));
  const page = { data, first_id: ids[0], last_id: ids.at(-1), has_more: false };
  return Response.json(page, { headers: HEADERS });
}
