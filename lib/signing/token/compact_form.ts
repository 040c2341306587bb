import { MAX_TOKEN_LENGTH } from "./forms.ts";

/** The three parts of a JWS in its compact serialisation (RFC 7515, section 7.1), in base64url. */
export interface CompactParts {
  header: string;
  payload: string;
  /** May be empty. */
  signature: string;
}

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
