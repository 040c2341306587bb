// https://platform.openai.com/docs/api-reference/chat and …/chat-streaming
import { type Answer, answerTo, textOf } from "./answer.ts";
import { dataEvent, eventStream } from "./event_stream.ts";
import { required } from "./provider_error.ts";
import type { Call } from "./provider_server.ts";

const ENVELOPE = { id: "chatcmpl-1", created: 1_767_225_600, service_tier: "default" };

/** Answers `POST /v1/chat/completions`. */
export function completeChat({ body, paceMs, bill }: Call): Response {
  const question = {
    model: required(body, "model"),
    texts: required(body, "messages").map((it: { content: unknown }) => textOf(it.content)),
    cap: body["max_completion_tokens"] ?? body["max_tokens"],
    count: body["n"],
  };
  const answer = bill(answerTo(question));
  if (!body["stream"]) return Response.json(completion(answer));
  const events = chatEvents(answer, body["stream_options"]?.include_usage ?? false);
  return eventStream(events, paceMs);
}

/** The events of a streamed answer; the usage is one of them only where it was asked for. */
export function chatEvents(answer: Answer, includeUsage: boolean): string[] {
  const chunk = (choices: object[], usage: object | null = null) =>
    dataEvent({
      ...ENVELOPE,
      object: "chat.completion.chunk",
      model: answer.model,
      choices,
      ...(includeUsage && { usage }),
    });
  const choices = (delta: object, finish_reason: string | null = null) =>
    Array.from({ length: answer.count }, (_, index) =>
      chunk([{ index, delta, logprobs: null, finish_reason }]),
    );
  return [
    ...choices({ role: "assistant", content: "", refusal: null }),
    ...answer.pieces.flatMap((content) => choices({ content })),
    ...choices({}, finishReason(answer)),
    ...(includeUsage ? [chunk([], usageOf(answer))] : []),
    "data: [DONE]\n\n",
  ];
}

function completion(answer: Answer) {
  const message = { role: "assistant", content: answer.text, refusal: null, annotations: [] };
  return {
    ...ENVELOPE,
    object: "chat.completion",
    model: answer.model,
    choices: Array.from({ length: answer.count }, (_, index) => ({
      index,
      message,
      logprobs: null,
      finish_reason: finishReason(answer),
    })),
    usage: usageOf(answer),
  };
}

function finishReason({ isCut }: Answer): string {
  return isCut ? "length" : "stop";
}

function usageOf({ inputTokens, cachedTokens, outputTokens, reasoningTokens }: Answer) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: reasoningTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
