import { decodeAll } from "./path_readings.ts";

/**
 * Whether a target lies under a rule's URL: the same scheme, host and port, and a path that starts
 * with the rule's path and continues at a `/` boundary.
 *
 * @param rule a URL such as `https://api.example.com/v1/`, with no user, query or fragment
 * @param target the URL as the WHATWG URL parser reads it, which is also how it is sent
 */
export function matchesRule(rule: URL, target: URL): boolean {
  const prefix = rule.href;
  const { href } = target;
  if (!href.startsWith(prefix)) return false;
  const isInside = prefix.endsWith("/") || /^[/?#]?$/.test(href.charAt(prefix.length));
  return isInside && (isWholeOrigin(prefix) || !hasHiddenDotSegment(target.pathname));
}

function isWholeOrigin(href: string): boolean {
  return href.indexOf("/", href.indexOf("//") + 2) === href.length - 1;
}

// A dot segment, or a character that may hide one. Most paths have none.
const NOT_PLAIN = /[%\\;\0]|(^|\/)\.\.?(\/|$)/;

// Some servers trim the characters around the dots, or drop the text after them.
const DOTS = /^[\p{C}\p{Z}]*\.\.?[\p{C}\p{Z}]*([;?#\0].*)?$/su;

/**
 * Whether a path has a dot segment for some server: one that decodes more than once or too leniently,
 * reads `\` as `/`, trims white space, or drops the parameters of a segment or the text after NUL:
 * `/v1/..%2fadmin`, `/v1/%252e%252e/admin`, `/v1/..%c0%afadmin`, `/v1/..%20/admin`, `/v1/..;/admin`.
 */
export function hasHiddenDotSegment(path: string): boolean {
  if (!NOT_PLAIN.test(path)) return false;
  const segments = decodeAll(path)?.split(/[/\\]/);
  return segments?.some((segment) => DOTS.test(segment)) ?? true;
}
