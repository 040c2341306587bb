import { composeAnswer, splitTokens } from "./answer.ts";
import {
  type ChatRequest,
  completionChunks,
  completionJson,
  errorJson,
  modelsJson,
} from "./completion.ts";
import { REALTIME, type RealtimeSession } from "./realtime.ts";

export interface UpstreamOptions {
  /** The only key that it accepts. */
  key: string;
  /** Pause after each token, in milliseconds. Default: 40. */
  paceMs?: number;
  /** Called with every request, refused ones included. */
  observe?: (request: Request) => void;
}

export const MODEL = "signway-mini";

const NOT_A_CHAT = 'The body must be JSON with "messages", each with its content as text.';

/** Starts a small model behind an API in the form of OpenAI's, on a free port. */
export function startUpstream({ key, paceMs = 40, observe }: UpstreamOptions) {
  return Bun.serve<RealtimeSession>({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    websocket: REALTIME,
    fetch: (request, server) => {
      observe?.(request);
      if (request.headers.get("authorization") !== `Bearer ${key}`) {
        return errorResponse(
          401,
          "No API key, or a wrong one, in Authorization.",
          "invalid_api_key",
        );
      }
      const { pathname } = new URL(request.url);
      const call = `${request.method} ${pathname}`;
      if (call === "GET /v1/models") return Response.json(modelsJson(MODEL));
      if (call === "GET /v1/realtime") return openSession(request, server, paceMs);
      if (call === "POST /v1/chat/completions") return completeChat(request, paceMs);
      return errorResponse(404, `Unknown request URL: ${call}.`, "unknown_url");
    },
  });
}

function openSession(
  request: Request,
  server: Bun.Server<RealtimeSession>,
  paceMs: number,
): Response | undefined {
  const headers = [...request.headers.keys()].toSorted();
  const options = {
    headers: { "Sec-WebSocket-Protocol": "realtime" },
    data: { headers, paceMs, questions: [] },
  };
  return server.upgrade(request, options)
    ? undefined
    : errorResponse(426, "The realtime API needs a WebSocket.", null);
}

async function completeChat(request: Request, paceMs: number): Promise<Response> {
  const chat = await readChat(request);
  if (!chat) return errorResponse(400, NOT_A_CHAT, null);
  const questions = chat.messages.filter(({ role }) => role === "user");
  const completion = {
    id: `chatcmpl-${crypto.randomUUID().replaceAll("-", "")}`,
    created: Math.floor(Date.now() / 1000),
    model: chat.model ?? MODEL,
    tokens: splitTokens(
      composeAnswer({
        question: questions.at(-1)?.content ?? "",
        turn: questions.length,
        headers: [...request.headers.keys()].toSorted(),
      }),
    ),
    promptTokens: chat.messages.flatMap(({ content }) => splitTokens(content)).length,
  };
  if (!chat.stream) return Response.json(completionJson(completion));
  const chunks = completionChunks(completion, chat.stream_options?.include_usage ?? false);
  return new Response(createEventStream(chunks, paceMs), {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
  });
}

async function readChat(request: Request): Promise<ChatRequest | undefined> {
  try {
    const chat = (await request.json()) as ChatRequest;
    const valid = chat.messages.every(({ content }) => typeof content === "string");
    return valid && chat.messages.length > 0 ? chat : undefined;
  } catch {
    return undefined;
  }
}

function createEventStream(chunks: readonly object[], paceMs: number): ReadableStream<Uint8Array> {
  const events = [...chunks.map((chunk) => JSON.stringify(chunk)), "[DONE]"].values();
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { value, done } = events.next();
      if (done) return controller.close();
      controller.enqueue(encoder.encode(`data: ${value}\n\n`));
      await Bun.sleep(paceMs);
    },
  });
}

function errorResponse(status: number, message: string, code: string | null): Response {
  return Response.json(errorJson(message, code), { status });
}
