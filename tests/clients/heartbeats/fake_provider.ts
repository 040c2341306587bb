import { chunk, type RawUpstream, startUpstream, type Step } from "../../support/raw_upstream.ts";

/** The text of each answer, in its pieces: before and after a silence. */
export const PIECES = ["Grüße", ", ", "world 🔑"] as const;

const HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n" +
  "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";

/** Milliseconds until the first event, and between the second and the third. */
export interface Silences {
  first: number;
  middle: number;
}

/** Starts an upstream that answers as the streaming APIs of all providers do, by the path. */
export function startFakeProvider({ first, middle }: Silences): Promise<RawUpstream> {
  return startUpstream(({ startLine }) => {
    const [one, two, ...rest] = eventsOf(startLine.split(" ")[1] ?? "");
    // HTTP/1.1 chunks in Latin-1, so that each character is a byte.
    const send = (text: string): Step => chunk(Buffer.from(text).toString("latin1"));
    const after = rest.map(send);
    return [HEAD, first, send(one ?? ""), send(two ?? ""), middle, ...after, chunk("")];
  });
}

/** The events of an answer, as text. */
export function eventsOf(path: string): string[] {
  if (path.endsWith("/responses")) return responses();
  if (path.endsWith("/messages")) return messages();
  if (path.includes(":streamGenerateContent")) return contents();
  if (path.includes("/ids/")) return chat().map((event, i) => `id: ${i}\n${event}`);
  return chat();
}

const data = (value: object): string => `data: ${JSON.stringify(value)}`;

// https://platform.openai.com/docs/api-reference/chat-streaming
function chat(): string[] {
  const piece = (delta: object, finish: string | null = null) => ({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const texts = PIECES.map((content) => piece({ role: "assistant", content }));
  return [...texts, piece({}, "stop")].map((it) => `${data(it)}\n\n`).concat("data: [DONE]\n\n");
}

// https://platform.openai.com/docs/api-reference/responses-streaming
function responses(): string[] {
  const response = { id: "resp_1", object: "response", created_at: 1, model: "m", output: [] };
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  const item = { id: "msg_1", type: "message", status: "in_progress", role: "assistant" };
  const usage = { input_tokens: 1, output_tokens: 3, total_tokens: 4 };
  const events = [
    { type: "response.created", response: { ...response, status: "in_progress" } },
    { type: "response.output_item.added", output_index: 0, item: { ...item, content: [] } },
    ...PIECES.map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.completed", response: { ...response, status: "completed", usage } },
  ];
  return events.map((it, i) => `event: ${it.type}\n${data({ ...it, sequence_number: i })}\n\n`);
}

// https://docs.anthropic.com/en/docs/build-with-claude/streaming
function messages(): string[] {
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "m",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 1 },
  };
  const events = [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "ping" },
    ...PIECES.map((text) => ({
      type: "content_block_delta",
      index: 0,
      delta: { type: "text_delta", text },
    })),
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } },
    { type: "message_stop" },
  ];
  return events.map((it) => `event: ${it.type}\n${data(it)}\n\n`);
}

// https://ai.google.dev/api/generate-content; lines end in CRLF there.
function contents(): string[] {
  const piece = (text: string, i: number) => ({
    candidates: [
      {
        content: { parts: [{ text }], role: "model" },
        index: 0,
        ...(i === PIECES.length - 1 && { finishReason: "STOP" }),
      },
    ],
    usageMetadata: { promptTokenCount: 1, candidatesTokenCount: i + 1, totalTokenCount: i + 2 },
    modelVersion: "m",
  });
  return PIECES.map((text, i) => `${data(piece(text, i))}\r\n\r\n`);
}
