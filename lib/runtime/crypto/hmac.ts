import type { Bytes, HashName, Hmac } from "../../signing/verify.ts";
import { addParts } from "./hash_in_turns.ts";

/**
 * Computes an HMAC (RFC 2104) with any hash function of the header-signature scheme.
 *
 * @param hash the hash function, by its name in Python's hashlib
 * @param key the key, of any length
 * @param message the parts of the message; long parts take several turns of the event loop
 * @returns the bytes of the HMAC; a promise when the message has long parts
 */
export const hmac: Hmac = (hash, key, message) => {
  if (hash === "blake2s") return blake2sHmac(key, message);
  const hasher = new Bun.CryptoHasher(NAMES[hash], key);
  return digestOf(hasher, message, () => new Uint8Array(hasher.digest()));
};

function digestOf(
  hasher: Bun.CryptoHasher,
  message: readonly Uint8Array[],
  digest: () => Bytes,
): Bytes | Promise<Bytes> {
  const added = addParts(hasher, message);
  return added ? added.then(digest) : digest();
}

const NAMES: Readonly<Record<Exclude<HashName, "blake2s">, Bun.SupportedCryptoAlgorithms>> = {
  md5: "md5",
  sha1: "sha1",
  sha224: "sha224",
  sha256: "sha256",
  sha384: "sha384",
  sha512: "sha512",
  sha3_224: "sha3-224",
  sha3_256: "sha3-256",
  sha3_384: "sha3-384",
  sha3_512: "sha3-512",
  blake2b: "blake2b512",
};

const BLAKE2S_BLOCK = 64;

// RFC 2104, section 2. The runtime has no HMAC with this hash function.
function blake2sHmac(key: Bytes, message: readonly Uint8Array[]): Bytes | Promise<Bytes> {
  const block = new Uint8Array(BLAKE2S_BLOCK);
  block.set(key.length > BLAKE2S_BLOCK ? blake2s(key) : key);
  const inner = new Bun.CryptoHasher("blake2s256").update(block.map((byte) => byte ^ 0x36));
  const outer = block.map((byte) => byte ^ 0x5c);
  return digestOf(inner, message, () => blake2s(outer, new Uint8Array(inner.digest())));
}

function blake2s(...parts: Bytes[]): Bytes {
  const hasher = new Bun.CryptoHasher("blake2s256");
  for (const part of parts) hasher.update(part);
  return new Uint8Array(hasher.digest());
}
