import {
  claimsOf,
  type CompactParts,
  decodePayload,
  type DecodedToken,
  splitToken,
  type TokenContent,
  type UnverifiedToken,
} from "../../signing/verify.ts";
import type { KnownContents } from "./known_contents.ts";

/** A token that is read as far as it takes to find its app. It is not verified. */
export interface ReadToken {
  text: string;
  parts: CompactParts | DecodedToken;
  /** The issuer and the audience that it names. */
  claims: UnverifiedToken;
  /** What it says, if it was verified before. Otherwise it has to be parsed. */
  content?: TokenContent;
}

/**
 * Reads a token.
 *
 * @param text any text
 * @param known what tokens say that were verified before
 * @returns `undefined` when it does not have the form of a JWT (RFC 7519) with an issuer
 */
export function readToken(text: string, known: KnownContents): ReadToken | undefined {
  const parts = splitToken(text);
  if (!parts) return undefined;
  const content = known.find(text.slice(0, text.lastIndexOf(".")));
  if (content) {
    const { issuer, audience = [] } = content;
    return { text, parts, claims: { issuer, audience }, content };
  }
  const decoded = decodePayload(parts);
  const claims = decoded && claimsOf(decoded);
  return claims && { text, parts: decoded, claims };
}
