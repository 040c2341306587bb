import { concat, toHex, utf8 } from "./encoding.ts";

/**
 * Computes the SHA-256 (FIPS 180-4) of a text in UTF-8 and of the body after it.
 *
 * @param text hashed first
 * @param body hashed after the text. Default: none
 * @returns 64 lower-case hex digits
 */
export type Sha256 = (text: string, body?: Uint8Array) => string | Promise<string>;

/** {@link Sha256} by WebCrypto: https://www.w3.org/TR/webcrypto/#sha */
export const webSha256: Sha256 = async (text, body) => {
  const bytes = body ? concat([utf8(text), body]) : utf8(text);
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
};
