// Most paths hold none of what a token is found by.
const MAY_HOLD_TOKEN = /[~%]|eyj|\.[\w-]+\./i;

// The unreserved characters. A path is the same with and without their escapes (RFC 3986, section 6.2.2.2).
const ESCAPED = /%(2[de]|3\d|4[1-9a-f]|5[\daf]|6[1-9a-f]|7[\dae])/gi;

// A segment that begins with `~`; and a segment from the base64url of an object of JSON on.
const SEGMENT = /(\/|%2f|%5c)~[^/]*|eyj[^/]*/gi;

// A JWS in compact form (RFC 7515, section 7.1), whatever its header begins with. It starts behind an escape, and
// not inside one.
const COMPACT = /(?:(?<=%[\da-f]{2})|(?<![\w-]|%(?=[\da-f]{2})))[\w-]{16,}\.[\w-]{16,}\.[\w.-]*/gi;

/**
 * Replaces what may be a token in a path, wherever in a segment it stands. It takes linear time.
 *
 * @param path of a URL, percent-encoded
 * @returns the path, with `…` in place of each part that may be a token
 */
export function pathWithoutTokens(path: string): string {
  if (!MAY_HOLD_TOKEN.test(path)) return path;
  const normalized = path.replace(ESCAPED, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const redacted = normalized.replace(SEGMENT, "$1…").replace(COMPACT, "…");
  return redacted === normalized ? path : redacted;
}
