import { OF_GOOGLE, type ProviderName } from "./provider.ts";

/** The forms of a heartbeat in an event stream: a comment line, or a blank line. */
export const HEARTBEAT_FORMS = ["comment", "newline"] as const;

/** One of {@link HEARTBEAT_FORMS}. */
export type HeartbeatForm = (typeof HEARTBEAT_FORMS)[number];

/**
 * The form of heartbeat that the clients of a provider's API can read. Google's clients do not support
 * comments: some stop with an error, some lose the next event. OpenAI's Python client reads a blank
 * line after an `id:` as an event, and stops with an error.
 *
 * @param provider the provider of the API; `undefined` when it is unknown
 * @param request the headers of the client's request
 * @returns the form; `undefined` when the client can read no heartbeat
 */
export function heartbeatForm(
  provider: ProviderName | undefined,
  request: Headers,
): HeartbeatForm | undefined {
  if (!OF_GOOGLE.includes(provider)) return "comment";
  // @google/generative-ai finds an event only if `data: ` follows immediately.
  const isOldest = /(^|\s)genai-js\//.test(request.get("x-goog-api-client") ?? "");
  return isOldest ? undefined : "newline";
}
