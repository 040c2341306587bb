import { base64url, importJWK, type JWK } from "jose";
import type { ParsedToken, TokenHeader } from "../../signing/verify.ts";
import type { KeySetAlgorithm } from "../model/key_set_algorithm.ts";
import { isP256Point } from "./p256_point.ts";

/** A public key of a key set. */
export interface VerificationKey {
  /** The key's `kid`. Absent: it has none. */
  id?: string;
  algorithm: KeySetAlgorithm;
  key: CryptoKey;
}

/** The keys of a set that can verify tokens. */
export type KeySet = readonly VerificationKey[];

/** The key type that an algorithm needs, and its name in WebCrypto. */
interface Algorithm {
  /** RFC 7518, section 6.1, and RFC 8037, section 2. */
  kty: string;
  crv?: string;
  /** The members of the public key. */
  members: readonly ("crv" | "x" | "y" | "n" | "e")[];
  verification: AlgorithmIdentifier | EcdsaParams;
}

const ALGORITHMS: Readonly<Record<KeySetAlgorithm, Algorithm>> = {
  ES256: {
    kty: "EC",
    crv: "P-256",
    members: ["crv", "x", "y"],
    verification: { name: "ECDSA", hash: "SHA-256" },
  },
  EdDSA: {
    kty: "OKP",
    crv: "Ed25519",
    members: ["crv", "x"],
    verification: { name: "Ed25519" },
  },
  RS256: { kty: "RSA", members: ["n", "e"], verification: { name: "RSASSA-PKCS1-v1_5" } },
};

const RSA_BITS = { least: 2048, most: 4096 };

/**
 * Parses a JWK Set (RFC 7517, section 5). Keys for other algorithms or uses, keys of a wrong size and keys
 * that cannot be imported are ignored.
 *
 * @param text the JSON of the set
 * @param algorithms the algorithms for which keys are wanted
 * @returns the keys, in their order
 * @throws Error when the text is not a JWK Set
 */
export async function parseKeySet(
  text: string,
  algorithms: readonly KeySetAlgorithm[],
): Promise<KeySet> {
  const keys = keysIn(text);
  const imported = keys.flatMap((jwk) => {
    const algorithm = algorithms.find((name) => isFor(name, jwk));
    return algorithm ? [importKey(jwk, algorithm).catch(() => undefined)] : [];
  });
  return (await Promise.all(imported)).filter((key) => key !== undefined);
}

function keysIn(text: string): JWK[] {
  const set = JSON.parse(text) as { keys?: unknown } | null;
  if (!Array.isArray(set?.keys)) throw new Error("there is no list of keys");
  return set.keys.filter((key) => typeof key === "object" && key !== null);
}

/** Whether a key verifies signatures of an algorithm (RFC 7517, sections 4.1 to 4.4). */
function isFor(algorithm: KeySetAlgorithm, { kty, crv, use, key_ops, alg }: JWK): boolean {
  const needed = ALGORITHMS[algorithm];
  if (kty !== needed.kty || crv !== needed.crv) return false;
  if (use !== undefined && use !== "sig") return false;
  if (key_ops !== undefined && !(Array.isArray(key_ops) && key_ops.includes("verify")))
    return false;
  return alg === undefined || alg === algorithm;
}

async function importKey(
  jwk: JWK,
  algorithm: KeySetAlgorithm,
): Promise<VerificationKey | undefined> {
  const { x = "", y = "" } = jwk;
  if (algorithm === "ES256" && !isP256Point(base64url.decode(x), base64url.decode(y))) {
    return undefined;
  }
  // Only the public members, in case a provider publishes a private key by mistake.
  const members = ALGORITHMS[algorithm].members.map((name) => [name, jwk[name]]);
  const key = await importJWK({ kty: jwk.kty, ...Object.fromEntries(members) }, algorithm);
  if (key instanceof Uint8Array || !hasAllowedSize(key)) return undefined;
  return { ...(typeof jwk.kid === "string" && { id: jwk.kid }), algorithm, key };
}

function hasAllowedSize({ algorithm }: CryptoKey): boolean {
  if (!("modulusLength" in algorithm)) return true;
  const bits = algorithm.modulusLength as number;
  return bits >= RSA_BITS.least && bits <= RSA_BITS.most;
}

/**
 * Finds the keys that may have signed a token.
 *
 * @param keySet the keys
 * @param header of the token
 * @returns the keys with its `kid` and `alg`. Without `kid`, the only key with its `alg`; none when there are
 *   several
 */
export function keysFor(keySet: KeySet, { keyId, algorithm }: TokenHeader): KeySet {
  const fitting = keySet.filter((key) => key.algorithm === algorithm);
  if (keyId !== undefined) return fitting.filter(({ id }) => id === keyId);
  return fitting.length === 1 ? fitting : [];
}

/**
 * Whether a token names a key that a set does not have, for any algorithm.
 *
 * @param keySet the keys
 * @param header of the token
 */
export function isKeyUnknown(keySet: KeySet, { keyId, algorithm }: TokenHeader): boolean {
  if (keyId === undefined) return !keySet.some((key) => key.algorithm === algorithm);
  return !keySet.some(({ id }) => id === keyId);
}

/**
 * Whether a key signed a token.
 *
 * @param key of the algorithm that the token names
 * @param token the signed bytes and the signature, of any length
 */
export function isSignedBy(
  { key, algorithm }: VerificationKey,
  { signature, signed }: Pick<ParsedToken, "signature" | "signed">,
): Promise<boolean> {
  return crypto.subtle.verify(ALGORITHMS[algorithm].verification, key, signature, signed);
}
