import { decodeAll } from "./path_readings.ts";

/**
 * Whether a target lies under a rule's URL: the same scheme, host and port, and a path that begins
 * with the rule's at a `/` boundary.
 *
 * @param rule such as `https://api.example.com/v1/`
 * @param target as the WHATWG URL parser reads it, which is also what is sent
 */
export function matchesRule(rule: URL, target: URL): boolean {
  if (rule.protocol !== target.protocol || rule.host !== target.host) return false;
  const prefix = rule.pathname;
  if (prefix === "/") return true;
  const boundary = prefix.endsWith("/") ? prefix : `${prefix}/`;
  const inside = target.pathname === prefix || target.pathname.startsWith(boundary);
  return inside && !hasHiddenDotSegment(target.pathname);
}

// What can stand for a dot segment or hide one. Most paths have nothing of it.
const NOT_PLAIN = /[%\\;\0]|(^|\/)\.\.?(\/|$)/;

/**
 * Whether a path climbs out of itself for a server that decodes more than once, takes `\` for `/`, or
 * drops a segment's parameters or what follows NUL, as some do: `/v1/..%2fadmin`,
 * `/v1/%252e%252e/admin`, `/v1/..;/admin`.
 */
export function hasHiddenDotSegment(path: string): boolean {
  if (!NOT_PLAIN.test(path)) return false;
  const segments = decodeAll(path)?.split(/[/\\]/);
  return segments?.some((segment) => /^\.\.?([;\0].*)?$/s.test(segment)) ?? true;
}
