import {
  claimsOf,
  type CompactParts,
  decodePayload,
  type DecodedToken,
  splitToken,
  type UnverifiedToken,
} from "../../signing/verify.ts";
import type { KnownContent, KnownContents } from "./known_contents.ts";

/** A token that is read as far as it takes to find its app. It is not verified. */
export interface ReadToken {
  text: string;
  parts: CompactParts | DecodedToken;
  /** The issuer and the audience that it names. */
  claims: UnverifiedToken;
  /** Its content, if it was verified before. Otherwise it has to be parsed. */
  known?: KnownContent;
}

/**
 * Reads a token.
 *
 * @param text any text
 * @param contents where the contents of verified tokens are kept
 * @returns `undefined` when it does not have the form of a JWT (RFC 7519) with an issuer
 */
export function readToken(text: string, contents: KnownContents): ReadToken | undefined {
  const parts = splitToken(text);
  if (!parts) return undefined;
  const found = contents.find(text.slice(0, text.lastIndexOf(".")));
  if (found) {
    const { issuer, audience = [] } = found.content;
    return { text, parts, claims: { issuer, audience }, known: found };
  }
  const decoded = decodePayload(parts);
  const claims = decoded && claimsOf(decoded);
  return claims && { text, parts: decoded, claims };
}
