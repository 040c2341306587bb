/**
 * Encodes bytes in base64, with the standard alphabet and padding (RFC 4648, section 4).
 *
 * @param bytes a few thousand at most, as in a signature or a token
 */
export function toBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/**
 * Encodes bytes in base64url without padding (RFC 4648, section 5).
 *
 * @param bytes a few thousand at most
 */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
