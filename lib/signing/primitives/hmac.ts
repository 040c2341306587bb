import { concat } from "./encoding.ts";

/** The hash functions of the header-signature scheme, by their names in Python's hashlib. */
export const HASH_NAMES = [
  "md5",
  "sha1",
  "sha224",
  "sha256",
  "sha384",
  "sha512",
  "sha3_224",
  "sha3_256",
  "sha3_384",
  "sha3_512",
  "blake2b",
  "blake2s",
] as const;

/** One of {@link HASH_NAMES}. */
export type HashName = (typeof HASH_NAMES)[number];

/** Bytes in the form that WebCrypto accepts. */
export type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Computes an HMAC (RFC 2104).
 *
 * @param hash the hash function
 * @param key any length
 * @param message in parts of any length, so that a long body is not copied
 * @returns the whole MAC, as long as the output of the hash function
 */
export type Hmac = (
  hash: HashName,
  key: Bytes,
  message: readonly Uint8Array[],
) => Bytes | Promise<Bytes>;

/**
 * {@link Hmac} by WebCrypto: https://www.w3.org/TR/webcrypto/#hmac
 *
 * @param hash `sha1`, `sha256`, `sha384` or `sha512`
 * @param key not empty
 * @param message in parts of any length
 * @returns the whole MAC
 * @throws TypeError for the other hash functions, which WebCrypto does not support
 */
export const webHmac: Hmac = async (hash, key, message) => {
  const bits = /^sha(1|256|384|512)$/.exec(hash)?.[1];
  if (!bits) throw new TypeError(`WebCrypto lacks ${hash}; set scheme.hmac`);
  const algorithm = { name: "HMAC", hash: `SHA-${bits}` };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, concat(message)));
};

// Generated at the first comparison: some edge workers have no random numbers while modules load.
let comparisonKey: Promise<CryptoKey> | undefined;

/**
 * Compares two MACs in constant time. It signs one of them with a random key and verifies this signature
 * for the other, so that `crypto.subtle.verify` does the comparison for every hash function.
 *
 * @param expected the MAC that was computed here
 * @param received the MAC in the request, of any length
 * @returns whether they are equal
 */
export async function areMacsEqual(expected: Bytes, received: Bytes): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
  comparisonKey ??= crypto.subtle.generateKey(algorithm, false, [
    "sign",
    "verify",
  ]) as Promise<CryptoKey>;
  const key = await comparisonKey;
  const tag = await crypto.subtle.sign("HMAC", key, expected);
  return crypto.subtle.verify("HMAC", key, tag, received);
}
