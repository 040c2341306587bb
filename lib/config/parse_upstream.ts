import { hasHiddenDotSegment } from "../gateway/admission/match_rule.ts";

/**
 * Parses the URL of an upstream rule.
 *
 * @param text the URL as the operator wrote it
 * @returns the URL; or the mistake, as the end of a sentence that begins with the place of the URL
 */
export function parseUpstream(text: string): URL | string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || !/^https?:\/\//i.test(text)) {
    return "is not an absolute http or https URL, such as https://api.example.com/v1/";
  }
  if (url.username || url.password) return "contains credentials: put them into a header";
  if (url.search || url.hash) return "has a query or a fragment: remove it";
  if (url.hostname.includes("*"))
    return "has a * in its host, which matches no name: name each host";
  if (hasHiddenDotSegment(url.pathname)) return "has an encoded dot segment in its path: remove it";
  return url;
}
