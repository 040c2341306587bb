import { utf8 } from "../primitives/encoding.ts";
import { MIN_SECRET_BYTES } from "./forms.ts";

/**
 * Whether a secret can sign and verify tokens: it has at least 32 bytes in UTF-8 (RFC 7518, section 3.2), and
 * it is not blank, because anybody can guess a blank secret.
 *
 * @param secret any text
 */
export function isTokenSecret(secret: string): boolean {
  if (secret.trim() === "") return false;
  // No character takes less than a byte.
  return secret.length >= MIN_SECRET_BYTES || utf8(secret).length >= MIN_SECRET_BYTES;
}
