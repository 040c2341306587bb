import { createHmac } from "node:crypto";

/** How a test signs, beside the values. */
export interface SignatureOptions {
  secret?: string;
  delimiter?: string;
  hash?: string;
}

/** The secret that tests of routes sign with unless they say another. */
export const SECRET = "a secret for routes, of 32 bytes";

/**
 * The signature over these values, in their order. It is written out from the scheme and not with
 * the code under test.
 */
export function headerSignature(
  values: readonly string[],
  { secret = SECRET, delimiter = "", hash = "sha256" }: SignatureOptions = {},
): string {
  return createHmac(hash, secret)
    .update([...values, secret].join(delimiter))
    .digest("base64");
}

/** The header line that signs path and method, as routes expect it by default. */
export function signatureLine(
  path: string,
  method = "GET",
  options: SignatureOptions = {},
): string {
  return `Signature: ${headerSignature([path, method], options)}`;
}

/** What a route says to expect it. */
export const SIGNED: { scheme: "sasigning"; secrets: string[] } = {
  scheme: "sasigning",
  secrets: [SECRET],
};

/** The title, code and detail of the refusal that every wrong signature gets. */
export const DENIED = {
  type: "urn:signway:problem:access_denied",
  status: 401,
  title: "Access denied",
  code: "access_denied",
  detail: "API Access Denied. Signature is not valid.",
};
