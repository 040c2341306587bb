/**
 * Compares a signature with the HMAC-SHA256 of a message, in a time that does not depend on where they
 * differ.
 *
 * @param key an HMAC-SHA256 key with the usage `verify`
 * @param signature 32 bytes
 * @param message any length
 */
export type VerifyHmac = (
  key: CryptoKey,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
) => Promise<boolean>;

/** {@link VerifyHmac} by WebCrypto: https://www.w3.org/TR/webcrypto/#SubtleCrypto-method-verify */
export const webVerifyHmac: VerifyHmac = (key, signature, message) =>
  crypto.subtle.verify("HMAC", key, signature, message);
