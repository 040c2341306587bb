import { fromBase64Url } from "../primitives/from_base64url.ts";
import { MAX_TOKEN_LENGTH } from "./forms.ts";

/** The three parts of a JWS in its compact serialisation (RFC 7515, section 7.1), in base64url. */
export interface CompactParts {
  header: string;
  payload: string;
  /** May be empty. */
  signature: string;
}

/** A token of which the payload is decoded. */
export interface DecodedToken extends CompactParts {
  /** The payload as text, with a byte-order mark if it has one. */
  text: string;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const COMPACT = /^([\w-]+)\.([\w-]+)\.([\w-]*)$/;

/**
 * Splits a token into its parts.
 *
 * @param text any text
 * @returns the parts, or `undefined` when these are not three, or the text is too long
 */
export function splitToken(text: string): CompactParts | undefined {
  if (text.length > MAX_TOKEN_LENGTH) return undefined;
  const [, header, payload, signature] = COMPACT.exec(text) ?? [];
  if (header === undefined || payload === undefined || signature === undefined) return undefined;
  return { header, payload, signature };
}

/**
 * Decodes the payload of a token.
 *
 * @param parts of the token
 * @returns `undefined` when it is not UTF-8 in base64url without padding
 */
export function decodePayload(parts: CompactParts): DecodedToken | undefined {
  const bytes = fromBase64Url(parts.payload);
  if (!bytes) return undefined;
  try {
    return { ...parts, text: decoder.decode(bytes) };
  } catch {
    return undefined;
  }
}
