// https://platform.openai.com/docs/api-reference/responses and …/responses-streaming
import { type Answer, answerTo, textOf } from "./answer.ts";
import { eventStream, namedEvent } from "./event_stream.ts";
import { required } from "./provider_error.ts";
import type { Call } from "./provider_server.ts";

const ITEM = { id: "msg_1", type: "message", role: "assistant" };

/** Answers `POST /v1/responses`. */
export function createResponse({ body, paceMs, bill }: Call): Response {
  const question = {
    model: required(body, "model"),
    texts: [...textsOf(body["instructions"]), ...textsOf(required(body, "input"))],
    cap: body["max_output_tokens"],
  };
  const answer = bill(answerTo(question));
  if (!body["stream"]) return Response.json(finished(answer));
  return eventStream(responseEvents(answer), paceMs);
}

/** The events of a streamed answer; the last one has the usage. */
export function responseEvents(answer: Answer): string[] {
  const started = response(answer, "in_progress", []);
  const place = { item_id: ITEM.id, output_index: 0, content_index: 0 };
  const end = finished(answer);
  const events = [
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { ...ITEM, status: "in_progress", content: [] },
    },
    { type: "response.content_part.added", ...place, part: part("") },
    ...answer.pieces.map((delta) => ({
      type: "response.output_text.delta",
      ...place,
      delta,
      logprobs: [],
    })),
    { type: "response.output_text.done", ...place, text: answer.text, logprobs: [] },
    { type: "response.content_part.done", ...place, part: part(answer.text) },
    { type: "response.output_item.done", output_index: 0, item: end.output[0] },
    { type: `response.${end.status}`, response: end },
  ];
  return events.map((event, sequence_number) =>
    namedEvent(Object.assign(event, { sequence_number })),
  );
}

function textsOf(input: unknown): string[] {
  if (typeof input === "string") return [input];
  return Array.isArray(input) ? input.map(({ content }) => textOf(content)) : [];
}

function finished(answer: Answer) {
  const status = answer.isCut ? "incomplete" : "completed";
  const { inputTokens, cachedTokens, outputTokens, reasoningTokens } = answer;
  return {
    ...response(answer, status, [{ ...ITEM, status, content: [part(answer.text)] }]),
    incomplete_details: answer.isCut ? { reason: "max_output_tokens" } : null,
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: cachedTokens },
      output_tokens: outputTokens,
      output_tokens_details: { reasoning_tokens: reasoningTokens },
      total_tokens: inputTokens + outputTokens,
    },
  };
}

function response({ model }: Answer, status: string, output: object[]) {
  return {
    id: "resp_1",
    object: "response",
    created_at: 1_767_225_600,
    status,
    background: false,
    error: null,
    incomplete_details: null as object | null,
    instructions: null,
    max_output_tokens: null,
    metadata: {},
    model,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: "default",
    store: true,
    temperature: 1,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_p: 1,
    truncation: "disabled",
    usage: null as object | null,
  };
}

function part(text: string) {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}
