import type { ProviderName } from "./provider.ts";

/** What a heartbeat in an event stream can be: the line of a comment, or a blank line. */
export const HEARTBEAT_FORMS = ["comment", "newline"] as const;

/** One of {@link HEARTBEAT_FORMS}. */
export type HeartbeatForm = (typeof HEARTBEAT_FORMS)[number];

/**
 * The heartbeat that the clients of a provider's API can read. Google's do not know comments: some
 * stop with an error, some lose the event that follows. OpenAI's for Python takes a blank line after
 * an `id:` for an event, and stops with an error.
 *
 * @param provider of the API; `undefined`: none that is known
 * @param request the headers of the client's request
 * @returns `undefined`: the client can read none
 */
export function heartbeatForm(
  provider: ProviderName | undefined,
  request: Headers,
): HeartbeatForm | undefined {
  if (provider !== "google") return "comment";
  // @google/generative-ai finds an event only where `data: ` is the very next thing.
  const isOldest = /(^|\s)genai-js\//.test(request.get("x-goog-api-client") ?? "");
  return isOldest ? undefined : "newline";
}
