import { utf8 } from "../primitives/encoding.ts";
import { CONTENT_LENGTH } from "./signed_headers.ts";

const NEWLINE = 0x0a;

/**
 * Whether a signed body contains the line that ends the signed headers in the canonical request: their names, sorted and
 * joined by `;`, after an empty line. Some published SDKs sign values that contain newlines. A client that chose such a
 * value could take the headers of the signed request for the middle of another body.
 *
 * @param names the signed headers, in lower case
 * @param body the signed body
 */
export function repeatsHeaderNames(names: readonly string[], body: Uint8Array): boolean {
  // Nobody chooses the length of the body alone.
  if (names.every((name) => name === CONTENT_LENGTH)) return false;
  const line = utf8(`\n${names.toSorted().join(";")}\n`);
  for (let at = body.indexOf(NEWLINE); at >= 0; at = body.indexOf(NEWLINE, at + 1)) {
    // Before the body itself there is a newline too.
    const isAfterNewline = at === 0 || body[at - 1] === NEWLINE;
    if (isAfterNewline && line.every((byte, i) => body[at + i] === byte)) return true;
  }
  return false;
}
