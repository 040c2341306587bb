import { concat, toHex, utf8 } from "./encoding.ts";

/**
 * SHA-256 (FIPS 180-4) of a text in UTF-8 and, when there is a body, of the body behind it; in lower-case
 * hex digits.
 */
export type Sha256 = (text: string, body?: Uint8Array) => string | Promise<string>;

/** SHA-256 with WebCrypto. */
export const webSha256: Sha256 = async (text, body) => {
  const bytes = body ? concat([utf8(text), body]) : utf8(text);
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
};
