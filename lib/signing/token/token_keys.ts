import { utf8 } from "../primitives/encoding.ts";

/**
 * Gives the key with which the tokens of an app are verified: an HMAC-SHA256 key with the usage `verify`.
 *
 * @param id the app id
 * @param index the position of the secret among the app's secrets
 * @param secret the secret itself
 */
export type TokenKeys = (id: string, index: number, secret: string) => Promise<CryptoKey>;

/**
 * Creates a cache of keys. A key is found by app and the position of its secret, never by the secret. When
 * another secret takes the position, it is imported anew.
 *
 * @param limit how many keys are kept; the oldest are removed first. Default: 32768
 */
export function createTokenKeys(limit = 32_768): TokenKeys {
  const entries = new Map<string, { secret: string; key: Promise<CryptoKey> }>();
  return (id, index, secret) => {
    const cacheKey = `${index}/${id}`;
    const cached = entries.get(cacheKey);
    if (cached?.secret === secret) return cached.key;
    const key = importTokenKey(secret);
    entries.delete(cacheKey);
    entries.set(cacheKey, { secret, key });
    if (entries.size > limit) entries.delete(entries.keys().next().value!);
    return key;
  };
}

function importTokenKey(secret: string): Promise<CryptoKey> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", utf8(secret), algorithm, false, ["verify"]);
}
