import { createHmac } from "node:crypto";
import { CREDENTIAL } from "./gateway.ts";

/** What differs from a token that is right. */
export interface MintOptions {
  /** Members of the header. One that is `undefined` is left out. Default: `alg` and `typ`. */
  header?: Record<string, unknown>;
  /** Claims beside `iss`, `exp` and `sw`, or in their place. One that is `undefined` is left out. */
  claims?: Record<string, unknown>;
  /** The whole header, as text or bytes. Default: the members as JSON. */
  rawHeader?: string | Uint8Array;
  /** The whole payload, as text or bytes. Default: the claims as JSON. */
  rawPayload?: string | Uint8Array;
  /** Default: that of the test credential. */
  secret?: string | Uint8Array;
  /** Default: `sha256`. */
  hash?: "sha256" | "sha384" | "sha512";
  /** The time of signing, in seconds since the epoch. Default: now. */
  now?: number;
}

/**
 * Makes a token with Node's HMAC and not with the code under test, so that it also makes what a careful
 * signer refuses. Default: one that the test credential's app accepts for five minutes.
 */
export function mint(options: MintOptions = {}): string {
  const { header, claims, secret = CREDENTIAL.secret, hash = "sha256" } = options;
  const { now = Math.floor(Date.now() / 1000) } = options;
  const {
    rawHeader = JSON.stringify({ alg: "HS256", typ: "JWT", ...header }),
    rawPayload = JSON.stringify({ iss: CREDENTIAL.id, exp: now + 300, sw: {}, ...claims }),
  } = options;
  const signed = `${base64Url(rawHeader)}.${base64Url(rawPayload)}`;
  return `${signed}.${createHmac(hash, secret).update(signed).digest("base64url")}`;
}

/** A token that grants something. */
export function granting(sw: object, options: MintOptions = {}): string {
  return mint({ ...options, claims: { ...options.claims, sw } });
}

/** Base64url without padding. */
export function base64Url(content: string | Uint8Array): string {
  return Buffer.from(content).toString("base64url");
}
