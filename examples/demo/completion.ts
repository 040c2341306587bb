// The part of https://platform.openai.com/docs/api-reference/chat that this model supports.

export interface ChatRequest {
  model?: string;
  messages: { role: string; content: string }[];
  stream?: boolean;
  stream_options?: { include_usage?: boolean } | null;
}

export interface Completion {
  id: string;
  created: number;
  model: string;
  tokens: readonly string[];
  promptTokens: number;
}

const FINGERPRINT = "fp_signway_demo";

export function completionJson(completion: Completion) {
  const message = {
    role: "assistant",
    content: completion.tokens.join(""),
    refusal: null,
    annotations: [],
  };
  return {
    ...createEnvelope(completion, "chat.completion"),
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage: countUsage(completion),
  };
}

/** The chunks in order: the role, one chunk per token, the finish reason, and the usage if requested. */
export function completionChunks(completion: Completion, includeUsage: boolean): object[] {
  const base = createEnvelope(completion, "chat.completion.chunk");
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(includeUsage && { usage: null }),
  });
  return [
    chunk({ role: "assistant", content: "", refusal: null }),
    ...completion.tokens.map((content) => chunk({ content })),
    chunk({}, "stop"),
    ...(includeUsage ? [{ ...base, choices: [], usage: countUsage(completion) }] : []),
  ];
}

export function modelsJson(model: string) {
  return {
    object: "list",
    data: [{ id: model, object: "model", created: 0, owned_by: "signway" }],
  };
}

export function errorJson(message: string, code: string | null) {
  return { error: { message, type: "invalid_request_error", param: null, code } };
}

function createEnvelope({ id, created, model }: Completion, object: string) {
  return { id, object, created, model, system_fingerprint: FINGERPRINT };
}

function countUsage({ promptTokens, tokens }: Completion) {
  return {
    prompt_tokens: promptTokens,
    completion_tokens: tokens.length,
    total_tokens: promptTokens + tokens.length,
  };
}
