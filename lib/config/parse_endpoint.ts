import { parseUpstream } from "./parse_upstream.ts";

/**
 * Parses a URL that is called as it is. It is no prefix, so it may have a query.
 *
 * @param text the URL as the operator wrote it
 * @returns `undefined` when it is not an absolute http or https URL, or has user info or a fragment
 */
export function parseEndpoint(text: string): URL | undefined {
  const parsed = parseUpstream(text.replace(/[?].*$/s, ""));
  const url = typeof parsed === "string" ? null : URL.parse(text);
  return url && !url.hash ? url : undefined;
}
