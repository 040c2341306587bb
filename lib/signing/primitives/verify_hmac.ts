/**
 * Compares a signature with the HMAC-SHA256 (RFC 2104) of a message, in constant time.
 *
 * @param key an HMAC-SHA256 key with the usage `verify`
 * @param signature 32 bytes
 * @param message any length
 * @returns whether the signature is the HMAC of the message
 */
export type VerifyHmac = (
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
) => Promise<boolean>;

/** {@link VerifyHmac} by WebCrypto: https://www.w3.org/TR/webcrypto/#SubtleCrypto-method-verify */
export const webVerifyHmac: VerifyHmac = (key, signature, message) =>
  crypto.subtle.verify("HMAC", key, signature, message);
