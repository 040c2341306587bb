import { decodeAll } from "./path_readings.ts";

/**
 * Whether a target lies under a rule's URL: the same scheme, host and port, and a path that begins
 * with the rule's at a `/` boundary.
 *
 * @param rule such as `https://api.example.com/v1/`, with no user, query or fragment
 * @param target as the WHATWG URL parser reads it, which is also what is sent
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

// What can stand for a dot segment or hide one. Most paths have nothing of it.
const NOT_PLAIN = /[%\\;\0]|(^|\/)\.\.?(\/|$)/;

// Around the dots: what some servers trim. Behind them: what some cut off.
const DOTS = /^[\p{C}\p{Z}]*\.\.?[\p{C}\p{Z}]*([;?#\0].*)?$/su;

/**
 * Whether a path climbs out of itself for a server that decodes more than once or too leniently, takes
 * `\` for `/`, trims blanks, or drops a segment's parameters or what follows NUL, as some do:
 * `/v1/..%2fadmin`, `/v1/%252e%252e/admin`, `/v1/..%c0%afadmin`, `/v1/..%20/admin`, `/v1/..;/admin`.
 */
export function hasHiddenDotSegment(path: string): boolean {
  if (!NOT_PLAIN.test(path)) return false;
  const segments = decodeAll(path)?.split(/[/\\]/);
  return segments?.some((segment) => DOTS.test(segment)) ?? true;
}
