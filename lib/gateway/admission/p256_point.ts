// NIST SP 800-186, section 3.2.1.3: y² = x³ - 3x + B, modulo P.
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/**
 * Whether two coordinates are a point of the curve P-256. WebCrypto checks that too, but when Bun 1.4.5 refuses
 * a point, the next HMAC in the process throws an error of OpenSSL (POINT_IS_NOT_ON_CURVE).
 *
 * @param x the coordinate, big-endian; 32 bytes (RFC 7518, section 6.2.1.2)
 * @param y likewise
 */
export function isP256Point(x: Uint8Array, y: Uint8Array): boolean {
  if (x.length !== 32 || y.length !== 32) return false;
  const [a, b] = [toInteger(x), toInteger(y)];
  return a < P && b < P && (b * b - (a * a * a - 3n * a + B)) % P === 0n;
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${bytes.toHex()}`);
}
