import { createHmac } from "node:crypto";

/** The secret of the app `web`: 32 bytes. */
export const SECRET = "correct-horse-battery-staple-web";

/** When the tokens are signed, and where the clock of the verifier stands, in seconds. */
export const NOW = Date.parse("2026-11-22T09:08:07Z") / 1000;

/** The header of nearly every token. */
export const HEADER = { alg: "HS256", typ: "JWT" };

/** The claims of a token that is accepted, and grants everything. */
export const CLAIMS = { iss: "web", iat: NOW, exp: NOW + 300, sw: {} };

/** A part of a token: a value, or exact text or bytes of JSON or something else. */
export type Part = object | string | Uint8Array;

/**
 * Signs a JWS in its compact serialisation with HS256, whatever the parts are. It is written out from
 * RFC 7515 and not with the code under test, so that it also signs what a careful signer refuses.
 */
export function jws(header: Part, payload: Part, secret: string = SECRET): string {
  const signed = `${encodePart(header)}.${encodePart(payload)}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** A token with these claims in place of the usual ones; `undefined` takes a claim away. */
export function tokenWith(changes: object = {}, secret: string = SECRET): string {
  return jws(HEADER, { ...CLAIMS, ...changes }, secret);
}

/** The part of a token in base64url. */
export function encodePart(part: Part): string {
  const isText = typeof part === "string" || part instanceof Uint8Array;
  return Buffer.from(isText ? part : JSON.stringify(part)).toString("base64url");
}
