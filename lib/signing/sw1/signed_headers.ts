import { SignatureError } from "./signature_error.ts";

/** RFC 9110, section 5.1: a field name is a token. The protocol writes it in lower case. */
export const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

const NO_NAMES: readonly string[] = [];

/**
 * Parses the value of `X-Sw-SignedHeaders`.
 *
 * @param text names joined by `;`, or an empty text
 * @returns the names in the signer's order
 * @throws SignatureError `parameter_malformed` when a name is empty, repeated, in upper case or invalid
 */
export function parseSignedHeaders(text: string): readonly string[] {
  if (text === "") return NO_NAMES;
  const names = text.split(";");
  if (new Set(names).size !== names.length || !names.every((name) => HEADER_NAME.test(name))) {
    throw new SignatureError("parameter_malformed", { parameter: "X-Sw-SignedHeaders" });
  }
  return names;
}

/** The header that a signer adds when it signs the body. */
export const CONTENT_LENGTH = "content-length";

/**
 * The lengths that a published SDK may have signed for a body: its number of bytes, of UTF-16 code units
 * and of code points, each number once. All of them follow from the body, which is signed as well, so
 * accepting any of them is safe.
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
  const codePoints = countCodePoints(text);
  if (codePoints !== text.length) yield codePoints;
}

function countCodePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    // The second half of a surrogate pair belongs to the code point that the first half started.
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
}
