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

/** Bytes that WebCrypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

/** Computes an HMAC (RFC 2104). */
export type Hmac = (hash: HashName, key: Bytes, message: Bytes) => Bytes | Promise<Bytes>;

const WEB_NAMES: Partial<Record<HashName, string>> = {
  sha1: "SHA-1",
  sha256: "SHA-256",
  sha384: "SHA-384",
  sha512: "SHA-512",
};

/**
 * HMAC with what WebCrypto has.
 *
 * @param hash `sha1`, `sha256`, `sha384` or `sha512`
 * @param key any length but none
 * @param message any length
 * @throws TypeError for the other hash functions, which a runtime has to bring
 */
export const webHmac: Hmac = async (hash, key, message) => {
  const name = WEB_NAMES[hash];
  if (!name) throw new TypeError(`WebCrypto has no ${hash}: give an hmac that has it`);
  const algorithm = { name: "HMAC", hash: name };
  const imported = await crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, message));
};

let blind: Promise<CryptoKey> | undefined;

/**
 * Compares two MACs in constant time: it verifies the one as the other's, both under a random key,
 * so that the comparison is `crypto.subtle.verify`'s for every hash function.
 */
export async function equalMacs(expected: Bytes, received: Bytes): Promise<boolean> {
  const algorithm = { name: "HMAC", hash: "SHA-256" } as const;
  blind ??= crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]) as Promise<CryptoKey>;
  const key = await blind;
  const tag = await crypto.subtle.sign("HMAC", key, expected);
  return crypto.subtle.verify("HMAC", key, tag, received);
}
