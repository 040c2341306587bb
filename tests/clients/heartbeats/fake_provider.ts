import type { Answer } from "../../support/providers/answer.ts";
import { messageEvents } from "../../support/providers/anthropic.ts";
import { contentEvents } from "../../support/providers/gemini.ts";
import { chatEvents } from "../../support/providers/openai_chat.ts";
import { responseEvents } from "../../support/providers/openai_responses.ts";
import { chunk, type RawUpstream, startUpstream, type Step } from "../../support/raw_upstream.ts";

/** The text of each answer, in its pieces: before and after a silence. */
export const PIECES = ["Grüße", ", ", "world 🔑"] as const;

const ANSWER: Answer = {
  model: "m",
  pieces: PIECES,
  text: PIECES.join(""),
  count: 1,
  inputTokens: 1,
  cachedTokens: 0,
  outputTokens: PIECES.length,
  reasoningTokens: 0,
  isCut: false,
};

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
  if (path.endsWith("/responses")) return responseEvents(ANSWER);
  if (path.endsWith("/messages")) return messageEvents(ANSWER);
  if (path.includes(":streamGenerateContent")) return contentEvents(ANSWER);
  const events = chatEvents(ANSWER, false);
  return path.includes("/ids/") ? events.map((event, i) => `id: ${i}\n${event}`) : events;
}
