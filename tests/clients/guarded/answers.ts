import { type Cut, cutPieces } from "../../../lib/gateway/providers/stream_cut.ts";
import type { CutForm } from "../../../lib/gateway/providers/operation.ts";

const CHAT = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 0,
  model: "gpt-5-mini",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Hi" } }],
};

const RESPONSE = {
  id: "resp_1",
  object: "response",
  created_at: 0,
  model: "gpt-5-mini",
  output: [
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "Hi", annotations: [] }],
    },
  ],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
};

const MESSAGE = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-haiku-5-5",
  content: [{ type: "text", text: "Hi" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 1, output_tokens: 1 },
};

const CONTENT = {
  candidates: [
    { content: { role: "model", parts: [{ text: "Hi" }] }, finishReason: "STOP", index: 0 },
  ],
};

const ANSWERS: readonly [end: RegExp, answer: object][] = [
  [/\/chat\/completions$/, CHAT],
  [/\/responses$/, RESPONSE],
  [
    /\/embeddings$/,
    { object: "list", data: [{ object: "embedding", index: 0, embedding: [0.5] }] },
  ],
  [/\/count_tokens$/, { input_tokens: 3 }],
  [/\/messages$/, MESSAGE],
  [/:generateContent$/, CONTENT],
  [/:countTokens$/, { totalTokens: 3 }],
  [/:embedContent$/, { embedding: { values: [0.5] } }],
  [/:batchEmbedContents$/, { embeddings: [{ values: [0.5] }, { values: [0.25] }] }],
  [/\/models$/, { object: "list", data: [], models: [] }],
];

/** The answer of an API to the request at a path. */
export function answerTo(path: string): Response {
  const [, answer] = ANSWERS.find(([end]) => end.test(path)) ?? [];
  return answer ? Response.json(answer) : new Response(null, { status: 404 });
}

/** The forms of an error in an event stream of text. */
export type TextForm = Exclude<CutForm, "bedrock">;

const FIRST: Readonly<Record<TextForm, string>> = {
  chat: `data: ${JSON.stringify({ ...CHAT, object: "chat.completion.chunk", choices: [{ index: 0, delta: { content: "Hi" } }] })}\n\n`,
  responses: `event: response.created\ndata: ${JSON.stringify({ type: "response.created", response: RESPONSE, sequence_number: 0 })}\n\n`,
  anthropic: `event: message_start\ndata: ${JSON.stringify({ type: "message_start", message: { ...MESSAGE, content: [], stop_reason: null, stop_sequence: null } })}\n\n`,
  google: `data: ${JSON.stringify(CONTENT)}\n\n`,
};

/** A stream that ends early. */
export function cutStream(form: TextForm, cut: Cut): Response {
  const pieces = [new TextEncoder().encode(FIRST[form]), ...cutPieces(form, cut)];
  const body = new ReadableStream({
    async pull(controller) {
      const piece = pieces.shift();
      if (!piece) return controller.close();
      controller.enqueue(piece);
      // Each piece arrives by itself.
      await Bun.sleep(100);
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}
