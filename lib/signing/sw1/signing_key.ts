import { utf8 } from "../primitives/encoding.ts";
import { webHmac } from "../primitives/hmac.ts";
import { ALGORITHM } from "./parameters.ts";

/**
 * Derives the key of one secret for one day.
 *
 * @param secret the app's secret
 * @param scope the day, `YYYYMMDD`
 * @returns an HMAC-SHA256 key that cannot be extracted
 */
export async function deriveSigningKey(secret: string, scope: string): Promise<CryptoKey> {
  const derived = await webHmac("sha256", utf8(ALGORITHM + secret), utf8(scope));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", derived, algorithm, false, ["sign", "verify"]);
}

/** Gives the signing key of the `index`th secret of an app on a day. */
export type SigningKeys = (
  id: string,
  scope: string,
  index: number,
  secret: string,
) => Promise<CryptoKey>;

/**
 * Remembers derived keys by app, day and the secret's place among the app's secrets; the oldest go
 * first. A secret that was replaced in its place is noticed and derived anew.
 *
 * @param limit how many keys are kept
 */
export function createSigningKeys(limit = 32_768): SigningKeys {
  const entries = new Map<string, { secret: string; key: Promise<CryptoKey> }>();
  return (id, scope, index, secret) => {
    const name = `${scope}/${index}/${id}`;
    const known = entries.get(name);
    if (known?.secret === secret) return known.key;
    const key = deriveSigningKey(secret, scope);
    entries.delete(name);
    entries.set(name, { secret, key });
    if (entries.size > limit) entries.delete(entries.keys().next().value!);
    return key;
  };
}
