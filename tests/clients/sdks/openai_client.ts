import OpenAI from "openai";
import { createSignedFetch, type GetSignedUrl } from "../../../lib/signing/signed_fetch.ts";

export interface Conversation {
  /** The answer's pieces as the client yielded them. */
  pieces: string[];
  completionTokens: number | undefined;
  models: string[];
}

/** What the client believes to be its key. It must never reach the upstream. */
export const DUMMY_KEY = "dummy-key-of-the-client";

/** Talks to the upstream with the official client, every request of which goes to a signed URL. */
export async function converse(
  upstream: string,
  getSignedUrl: GetSignedUrl,
): Promise<Conversation> {
  const client = new OpenAI({
    apiKey: DUMMY_KEY,
    baseURL: upstream,
    dangerouslyAllowBrowser: true,
    maxRetries: 0,
    fetch: createSignedFetch(getSignedUrl),
  });
  const models: string[] = [];
  for await (const { id } of await client.models.list()) models.push(id);
  const stream = await client.chat.completions.create({
    model: models[0] ?? "",
    messages: [{ role: "user", content: "Grüße – who are you? 🔑" }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const pieces: string[] = [];
  let completionTokens: number | undefined;
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta.content;
    if (piece) pieces.push(piece);
    completionTokens ??= chunk.usage?.completion_tokens;
  }
  return { pieces, completionTokens, models };
}
