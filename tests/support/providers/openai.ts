import { countTokens, vectorOf } from "./answer.ts";
import { completeChat } from "./openai_chat.ts";
import { createResponse } from "./openai_responses.ts";
import { ProviderError, type ProviderStatus, required } from "./provider_error.ts";
import type { Call, Provider } from "./provider_server.ts";

/** The API of OpenAI: chat completions, responses, embeddings and models. */
export const OPENAI: Provider = {
  routes: [
    { method: "POST", path: /^\/v1\/chat\/completions$/, answer: completeChat },
    { method: "POST", path: /^\/v1\/responses$/, answer: createResponse },
    { method: "POST", path: /^\/v1\/embeddings$/, answer: embed },
    { method: "GET", path: /^\/v1\/models$/, answer: listModels },
  ],
  credentials: (key) => [{ authorization: `Bearer ${key}` }],
  unauthorized: () => new ProviderError(401, "Incorrect API key provided."),
  errorResponse: ({ status, message, param }) => {
    const { type, code } = ERRORS[status];
    const headers = status === 429 ? { "retry-after": "1" } : {};
    return Response.json({ error: { message, type, param, code } }, { status, headers });
  },
};

// https://platform.openai.com/docs/guides/error-codes
const ERRORS: Readonly<Record<ProviderStatus, { type: string; code: string | null }>> = {
  400: { type: "invalid_request_error", code: null },
  401: { type: "invalid_request_error", code: "invalid_api_key" },
  403: { type: "invalid_request_error", code: null },
  404: { type: "invalid_request_error", code: "unknown_url" },
  429: { type: "requests", code: "rate_limit_exceeded" },
};

function listModels(): Response {
  const model = (id: string) => ({
    id,
    object: "model",
    created: 1_767_225_600,
    owned_by: "system",
  });
  return Response.json({ object: "list", data: ["gpt-test", "gpt-test-mini"].map(model) });
}

// https://platform.openai.com/docs/api-reference/embeddings
function embed({ body, bill }: Call): Response {
  const texts = [required(body, "input")].flat() as string[];
  const tokens = countTokens(texts);
  const rest = { cachedTokens: 0, outputTokens: 0, reasoningTokens: 0 };
  bill({ model: required(body, "model"), inputTokens: tokens, ...rest });
  return Response.json({
    object: "list",
    model: required(body, "model"),
    data: texts.map((text, index) => ({
      object: "embedding",
      index,
      embedding: encode(vectorOf(text, body["dimensions"]), body["encoding_format"]),
    })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  });
}

function encode(vector: number[], format = "float"): number[] | string {
  if (format === "float") return vector;
  return Buffer.from(new Float32Array(vector).buffer).toString("base64");
}
