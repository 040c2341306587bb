import { type VerifyHmac, webVerifyHmac } from "../primitives/verify_hmac.ts";
import { type ParsedToken, parseToken } from "./parse_token.ts";
import type { TokenPermits } from "./permits.ts";
import { assertTokenAudience, assertTokenCurrent, type TokenLife } from "./token_checks.ts";
import { malformed, TokenError } from "./token_error.ts";
import { createTokenKeys, type TokenKeys } from "./token_keys.ts";
import { isTokenSecret } from "./token_secret.ts";

/** Settings of {@link verifyToken}. */
export interface VerifyTokenOptions extends TokenLife {
  /**
   * Finds the secrets of an app, any of which may have signed; `undefined` for an unknown id. Secrets of less
   * than 32 bytes in UTF-8 verify no token.
   */
  findSecrets: (
    id: string,
  ) => readonly string[] | undefined | Promise<readonly string[] | undefined>;
  /** The audience that a token with `aud` must name. Default: none, and such a token is refused. */
  audience?: string | undefined;
  /** Gives the keys. Default: a cache that all calls share. */
  tokenKeys?: TokenKeys;
  /** Compares signatures. Default: `crypto.subtle.verify`. */
  verifyHmac?: VerifyHmac;
}

/** An access token of which the signature, the times and the audience are right. */
export interface VerifiedToken extends ParsedToken {
  permits: TokenPermits;
  /** The index of the secret that verified, among those of `findSecrets`. */
  secret: number;
}

// The cache of all calls that bring none of their own.
const sharedKeys = createTokenKeys();

/**
 * Verifies an access token of an app: a JWT (RFC 7519) with HS256 (RFC 7518, section 3.2), made by
 * `signToken` or any other library.
 *
 * @param token without `Bearer` or white space around it
 * @param options the secrets, the audience, the clock in milliseconds and the limits in seconds
 * @returns the parts of the token. The caller applies `permits` to the request
 * @throws TokenError with the code of the first reason that is found: form, signature, time, audience. For an
 *   unknown app it is `token_signature_mismatch`
 *
 * @example
 * ```ts
 * const { subject, permits } = await verifyToken(token, {
 *   findSecrets: (id) => (id === "web" ? [secret] : undefined),
 * });
 * ```
 */
export async function verifyToken(
  token: string,
  options: VerifyTokenOptions,
): Promise<VerifiedToken> {
  return verifyParsedToken(parseToken(token), options);
}

/**
 * Verifies an access token that is parsed, as {@link verifyToken} does.
 *
 * @param parsed the token
 * @param options the secrets, the audience, the clock in milliseconds and the limits in seconds
 * @throws TokenError
 */
export async function verifyParsedToken(
  parsed: ParsedToken,
  options: VerifyTokenOptions,
): Promise<VerifiedToken> {
  const { issuer, permits } = parsed;
  if (!permits) throw malformed("sw", "is missing");
  const secrets = await options.findSecrets(issuer);
  if (!secrets) throw new TokenError("token_signature_mismatch", { claim: "iss", issuer });
  const secret = await verifyingSecret(parsed, secrets, options);
  assertTokenCurrent(parsed, options);
  assertTokenAudience(parsed, options);
  return Object.assign(parsed, { permits, secret });
}

/**
 * @returns the index of the secret that made the signature
 * @throws TokenError `secret_too_short`, `token_signature_mismatch`
 */
async function verifyingSecret(
  { issuer, header, signed, signature }: ParsedToken,
  secrets: readonly string[],
  { tokenKeys = sharedKeys, verifyHmac = webVerifyHmac }: VerifyTokenOptions,
): Promise<number> {
  if (!secrets.some(isTokenSecret)) throw new TokenError("secret_too_short", { issuer });
  const isPossible = header.algorithm === "HS256" && signature.length === 32;
  for (let index = 0; isPossible && index < secrets.length; index++) {
    const secret = secrets[index]!;
    if (!isTokenSecret(secret)) continue;
    const key = await tokenKeys(issuer, index, secret);
    if (await verifyHmac(key, signature, signed)) return index;
  }
  const claim = header.algorithm === "HS256" ? {} : { claim: "header.alg" };
  throw new TokenError("token_signature_mismatch", { ...claim, issuer });
}
