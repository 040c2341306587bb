import { SignatureError } from "./signature_error.ts";

/** RFC 9110, section 5.1: a field name is a token. The protocol writes it in lower case. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

const NONE: readonly string[] = [];

/**
 * Reads `X-Sw-SignedHeaders`.
 *
 * @param text names joined by `;`, or nothing
 * @throws SignatureError `parameter_malformed` for a blank, repeated, upper-case or impossible name
 */
export function parseSignedHeaders(text: string): readonly string[] {
  if (text === "") return NONE;
  const names = text.split(";");
  if (new Set(names).size !== names.length || !names.every((name) => HEADER_NAME.test(name))) {
    throw new SignatureError("parameter_malformed", { parameter: "X-Sw-SignedHeaders" });
  }
  return names;
}

/** The header that a signer adds when it signs the body. */
export const CONTENT_LENGTH = "content-length";

/**
 * The lengths that a published SDK may have signed for a body: its bytes, its characters (code
 * points), its UTF-16 units. All are computed from the body, so none of them says less than another.
 *
 * @param body the exact body
 */
export function* bodyLengths(body: Uint8Array): Generator<number> {
  yield body.length;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return;
  }
  if (text.length === body.length) return;
  yield text.length;
  const characters = countCharacters(text);
  if (characters !== text.length) yield characters;
}

function countCharacters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    // The second half of a surrogate pair belongs to the character that the first half began.
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}
