import { utf8 } from "../primitives/encoding.ts";
import { type Bytes, webHmac } from "../primitives/hmac.ts";
import { ALGORITHM } from "./parameters.ts";

/**
 * Derives the signing key of one secret for one day.
 *
 * @param secret the app's secret
 * @param scope the day, `YYYYMMDD`
 * @returns an HMAC-SHA256 key that cannot be extracted
 */
export async function deriveSigningKey(secret: string, scope: string): Promise<CryptoKey> {
  const derived = await deriveKeyBytes(secret, scope);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", derived, algorithm, false, ["sign", "verify"]);
}

/** The 32 bytes of {@link deriveSigningKey}, for a signer, which uses the key once. */
export function deriveKeyBytes(secret: string, scope: string): Bytes | Promise<Bytes> {
  return webHmac("sha256", utf8(ALGORITHM + secret), [utf8(scope)]);
}

/**
 * Returns the signing key of a secret for a day.
 *
 * @param id the app id
 * @param scope the day, `YYYYMMDD`
 * @param index the position of the secret among the app's secrets
 * @param secret the secret itself
 */
export type SigningKeys = (
  id: string,
  scope: string,
  index: number,
  secret: string,
) => CryptoKey | Promise<CryptoKey>;

interface KeyEntry {
  secret: string;
  key: CryptoKey | Promise<CryptoKey>;
}

/**
 * Creates a cache of signing keys. A key is found by app, day and the position of its secret, never by
 * the secret. When a different secret has this position, a new key is derived.
 *
 * @param limit how many keys are kept; the oldest are removed first. Default: 32768
 * @returns the function that returns a key, from the cache if possible, and then without a promise
 */
export function createSigningKeys(limit = 32_768): SigningKeys {
  const entries = new Map<string, KeyEntry>();
  return (id, scope, index, secret) => {
    const cacheKey = `${scope}/${index}/${id}`;
    const cached = entries.get(cacheKey);
    if (cached?.secret === secret) return cached.key;
    const key = deriveSigningKey(secret, scope).then((derived) => (entry.key = derived));
    const entry: KeyEntry = { secret, key };
    entries.delete(cacheKey);
    entries.set(cacheKey, entry);
    if (entries.size > limit) entries.delete(entries.keys().next().value!);
    return key;
  };
}
