// RFC 9110, section 7.6.1; headers of older specifications and of practice; RFC 2774 (C-…); and headers about
// a single connection: RFC 7639, RFC 7838, RFC 8473, RFC 9297, RFC 9110, section 16.3.1.
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "alpn",
  "alt-used",
  "c-ext",
  "c-man",
  "c-opt",
  "c-pep",
  "c-pep-info",
  "capsule-protocol",
  "close",
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authentication-info",
  "proxy-authorization",
  "proxy-connection",
  "sec-token-binding",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const NONE: readonly string[] = [];

/** The header names that `Connection` lists as hop-by-hop, in lower case. */
export function nominatedNames(headers: Headers): readonly string[] {
  const connection = headers.get("connection");
  if (connection === null) return NONE;
  return connection.split(",").map((name) => name.trim().toLowerCase());
}

/**
 * The names of all hop-by-hop headers: the known ones and the ones that `Connection` lists.
 *
 * @param nominated from {@link nominatedNames}
 * @returns names in lower case
 */
export function hopByHopNames(nominated: readonly string[]): ReadonlySet<string> {
  if (nominated === NONE) return HOP_BY_HOP;
  const isKnown = nominated.every((name) => HOP_BY_HOP.has(name));
  return isKnown ? HOP_BY_HOP : new Set([...HOP_BY_HOP, ...nominated]);
}
