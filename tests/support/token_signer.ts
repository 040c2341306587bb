import { mint } from "./minted.ts";

/** A key pair of an identity provider. */
export interface TokenSigner {
  /** The public key as a JWK, with `kid` and `alg` unless these are left out. */
  jwk: JsonWebKey & { kid?: string };
  /** The private key as a JWK. */
  privateJwk: JsonWebKey;
  /** Signs claims. Members of the header may be replaced; `undefined` removes one. */
  sign: (claims: object, header?: Record<string, unknown>) => Promise<string>;
}

const ALGORITHMS = {
  ES256: {
    generate: { name: "ECDSA", namedCurve: "P-256" },
    sign: { name: "ECDSA", hash: "SHA-256" },
  },
  ES384: {
    generate: { name: "ECDSA", namedCurve: "P-384" },
    sign: { name: "ECDSA", hash: "SHA-384" },
  },
  EdDSA: { generate: { name: "Ed25519" }, sign: { name: "Ed25519" } },
  RS256: {
    generate: {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    sign: { name: "RSASSA-PKCS1-v1_5" },
  },
} as const;

/** The algorithms that {@link createSigner} knows. */
export type SignerAlgorithm = keyof typeof ALGORITHMS;

/** Makes a key pair. */
export async function createSigner(
  algorithm: SignerAlgorithm,
  kid?: string,
  modulusLength = 2048,
): Promise<TokenSigner> {
  const { generate, sign } = ALGORITHMS[algorithm];
  const parameters = algorithm === "RS256" ? { ...generate, modulusLength } : generate;
  const pair = (await crypto.subtle.generateKey(parameters as EcKeyGenParams, true, [
    "sign",
    "verify",
  ])) as CryptoKeyPair;
  const { key_ops: _, ext: __, ...jwk } = await crypto.subtle.exportKey("jwk", pair.publicKey);
  const privateJwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
  return {
    jwk: { ...jwk, alg: algorithm, ...(kid !== undefined && { kid }) },
    privateJwk,
    async sign(claims, header = {}) {
      const signed = `${encode({ alg: algorithm, kid, ...header })}.${encode(claims)}`;
      const bytes = new TextEncoder().encode(signed);
      const signature = await crypto.subtle.sign(sign, pair.privateKey, bytes);
      return `${signed}.${Buffer.from(signature).toString("base64url")}`;
    },
  };
}

/** Signs claims with a secret, as any JWT library does (RFC 7518, section 3.2). */
export function signWithSecret(
  secret: string | Buffer,
  claims: object,
  header: Record<string, unknown> = {},
): string {
  return mint({ secret, header, rawPayload: JSON.stringify(claims) });
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
