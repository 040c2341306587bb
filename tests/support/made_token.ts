import { createHmac } from "node:crypto";

/** How {@link makeToken} signs. */
export interface MadeToken {
  /** The key. */
  secret: string | Uint8Array;
  /** Takes the place of the usual header. */
  header?: Readonly<Record<string, unknown>>;
  /** The claims beside `iss`, `iat`, `exp` and `sw`, and in their place; `undefined` removes one. */
  claims?: Readonly<Record<string, unknown>>;
  /** When it is signed. */
  now: Date;
}

/** Makes a token with `node:crypto` alone: for the app `web`, 300 s, with all that the rules allow. */
export function makeToken({ secret, header, claims, now }: MadeToken): string {
  const iat = Math.floor(now.getTime() / 1000);
  const payload = { iss: "web", iat, exp: iat + 300, sw: {}, ...claims };
  return signParts(
    JSON.stringify(header ?? { alg: "HS256", typ: "JWT" }),
    JSON.stringify(payload),
    secret,
  );
}

/** Signs a header and a payload, whatever texts they are, with HS256. */
export function signParts(header: string, payload: string, secret: string | Uint8Array): string {
  const signed = [header, payload].map((text) => Buffer.from(text).toString("base64url")).join(".");
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}
