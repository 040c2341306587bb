import { type Answer, answerTo, countTokens, textOf, vectorOf } from "./answer.ts";
import { eventStream, jsonListStream } from "./event_stream.ts";
import { ProviderError, type ProviderStatus, required } from "./provider_error.ts";
import type { Call, Provider, Route } from "./provider_server.ts";

/** A content of the API, also the one that holds instructions. */
interface Content {
  parts?: unknown;
}

/** The API of Google's Gemini: contents, the count of their tokens, embeddings and models, in each version. */
export const GEMINI: Provider = {
  routes: [
    operation("generateContent", (call) => Response.json(pieceOf(answerOf(call), 0))),
    operation("streamGenerateContent", streamContent),
    operation("countTokens", ({ body }) => Response.json(counted(textsOf(body)))),
    operation("embedContent", ({ body }) => Response.json({ embedding: embeddingOf(body) })),
    operation("batchEmbedContents", ({ body }) =>
      Response.json({ embeddings: required(body, "requests").map(embeddingOf) }),
    ),
    { method: "GET", path: /^\/v1(?:beta)?\/models$/, answer: listModels },
  ],
  credentials: (key) => [{ "x-goog-api-key": key }],
  // A key that is wrong is a wrong argument to this API; only a wrong OAuth token is 401.
  unauthorized: ({ "x-goog-api-key": key, authorization }) => {
    if (authorization !== undefined) return new ProviderError(401, "Invalid OAuth token.");
    return key === undefined
      ? new ProviderError(403, "Method doesn't allow unregistered callers.")
      : new ProviderError(400, "API key not valid. Please pass a valid API key.");
  },
  errorResponse: ({ status, message }) =>
    Response.json({ error: { code: status, message, status: STATUSES[status] } }, { status }),
};

// https://cloud.google.com/apis/design/errors
const STATUSES: Readonly<Record<ProviderStatus, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  429: "RESOURCE_EXHAUSTED",
};

function operation(name: string, answer: Route["answer"]): Route {
  const path = new RegExp(`^/v1(?:beta)?/models/(?<model>[^/:]+):${name}$`);
  return { method: "POST", path, answer };
}

/** Without `alt=sse` the pieces are one array. */
function streamContent(call: Call): Response {
  const answer = answerOf(call);
  if (call.query.get("alt") === "sse") return eventStream(contentEvents(answer), call.paceMs);
  const pieces = startsOf(answer).map((start) => pieceOf(answer, start, 1));
  return jsonListStream(pieces, call.paceMs);
}

/**
 * The events of a streamed answer, as on https://ai.google.dev/api/generate-content: each has the usage so far, the
 * last one all of it. Lines end in CRLF.
 */
export function contentEvents(answer: Answer): string[] {
  return startsOf(answer).map(
    (start) => `data: ${JSON.stringify(pieceOf(answer, start, 1))}\r\n\r\n`,
  );
}

/** An answer without text is one piece, too. */
function startsOf({ pieces }: Answer): number[] {
  return [...(pieces.length > 0 ? pieces : [""]).keys()];
}

/** A part of the answer: `length` of its pieces from the one at `start` on. Default: to its end. */
function pieceOf({ pieces, ...answer }: Answer, start: number, length = Infinity) {
  const end = Math.min(start + length, pieces.length);
  const text = pieces.slice(start, end).join("");
  const finishReason = answer.isCut ? "MAX_TOKENS" : "STOP";
  const { inputTokens, cachedTokens, reasoningTokens } = answer;
  const candidatesTokenCount = answer.count * end;
  return {
    candidates: Array.from({ length: answer.count }, (_, index) => ({
      content: { parts: [{ text }], role: "model" },
      ...(end === pieces.length && { finishReason }),
      index,
    })),
    // Numbers that are 0 are left out, as protocol buffers do.
    usageMetadata: {
      ...usageOf(inputTokens),
      ...(candidatesTokenCount > 0 && { candidatesTokenCount }),
      ...(cachedTokens > 0 && { cachedContentTokenCount: cachedTokens }),
      ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
      totalTokenCount: inputTokens + candidatesTokenCount + reasoningTokens,
    },
    modelVersion: answer.model,
    responseId: "response-1",
  };
}

function usageOf(tokens: number) {
  const modality = [{ modality: "TEXT", tokenCount: tokens }];
  return { promptTokenCount: tokens, promptTokensDetails: modality };
}

function answerOf({ params, body, bill }: Call): Answer {
  const { maxOutputTokens, candidateCount } = body["generationConfig"] ?? {};
  const question = {
    model: params["model"]!,
    texts: textsOf(body),
    cap: maxOutputTokens,
    count: candidateCount,
  };
  return bill(answerTo(question));
}

function textsOf(body: Record<string, any>): string[] {
  const contents: Content[] = [body["systemInstruction"] ?? [], required(body, "contents")].flat();
  return contents.map(({ parts }) => textOf(parts));
}

function counted(texts: readonly string[]) {
  const { promptTokenCount, ...details } = usageOf(countTokens(texts));
  return { totalTokens: promptTokenCount, ...details };
}

function embeddingOf(body: Record<string, any>): { values: number[] } {
  const { parts }: Content = required(body, "content");
  return { values: vectorOf(textOf(parts), body["outputDimensionality"]) };
}

function listModels(): Response {
  const models = ["gemini-test", "gemini-test-mini"].map((id) => ({
    name: `models/${id}`,
    version: "1",
    displayName: id,
    supportedGenerationMethods: ["generateContent", "countTokens"],
  }));
  return Response.json({ models });
}
