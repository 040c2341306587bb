import Anthropic from "@anthropic-ai/sdk";
import { createSignedFetch, type GetSignedUrl } from "../../../lib/signing/signed_fetch.ts";

export interface Conversation {
  /** The answer's pieces as the client yielded them. */
  pieces: string[];
  /** The names of the events, in their order. */
  events: string[];
  text: string;
  stopReason: string | null;
  outputTokens: number;
}

/** What the client believes to be its key. It must never reach the upstream. */
export const DUMMY_KEY = "dummy-key-of-the-client";

/** The question; a signed body that is not ASCII. */
export const QUESTION = "Grüße – who are you? 🔑";

/** Talks to the upstream with the official client, every request of which goes to a signed URL. */
export async function converse(
  upstream: string,
  getSignedUrl: GetSignedUrl,
): Promise<Conversation> {
  const client = new Anthropic({
    apiKey: DUMMY_KEY,
    baseURL: upstream,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch: createSignedFetch(getSignedUrl),
  });
  const stream = client.messages.stream({
    model: "claude-test",
    max_tokens: 64,
    messages: [{ role: "user", content: QUESTION }],
  });
  const pieces: string[] = [];
  const events: string[] = [];
  stream.on("text", (piece) => void pieces.push(piece));
  stream.on("streamEvent", ({ type }) => void events.push(type));
  const { content, stop_reason: stopReason, usage } = await stream.finalMessage();
  const text = content.map((block) => (block.type === "text" ? block.text : "")).join("");
  return { pieces, events, text, stopReason, outputTokens: usage.output_tokens };
}
