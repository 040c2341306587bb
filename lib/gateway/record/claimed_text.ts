import { printable } from "./printable.ts";

/** The longest unverified app id and origin that a record contains, in characters. */
const MAX_ID = 64;
const MAX_ORIGIN = 256;

/**
 * The id that an unverified request names, for the record.
 *
 * @param id the id in the request, which no app has
 * @returns the start of the id, escaped, at most 64 characters; of a token, which a signer may take for an
 *   id, nothing
 */
export function claimedId(id: string): string {
  return id.startsWith("eyJ") ? "…" : printable(id, MAX_ID);
}

// Without a URL parser, because the text is not verified.
const ORIGIN = /^[\s\0]*(https?:)[\s/\\]*([^/\\?#]*)/i;

/**
 * Scheme, host and port of the target that an unverified request names, for the record.
 *
 * @param target the target as received
 * @returns them without user info, escaped, at most 256 characters; `undefined` unless it is http(s)
 */
export function claimedOrigin(target: string): string | undefined {
  const [, scheme, authority = ""] = ORIGIN.exec(target) ?? [];
  if (!scheme) return undefined;
  const host = authority.slice(authority.lastIndexOf("@") + 1);
  return printable(`${scheme}//${host}`.toLowerCase(), MAX_ORIGIN);
}
