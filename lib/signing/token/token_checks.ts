import { DEFAULT_CLOCK_SKEW, DEFAULT_MAX_EXPIRES } from "../primitives/defaults.ts";
import type { RegisteredClaims } from "./claims.ts";
import { TokenError, type TokenErrorCode } from "./token_error.ts";

/** Clock and limits of {@link assertTokenCurrent}. */
export interface TokenLife {
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** The longest life that a token may have, in seconds. Default: 604800, a week. */
  maxExpires?: number;
  /** How far `nbf` and `iat` may be ahead of this clock, in seconds. Default: 300. `exp` is not extended. */
  clockSkew?: number;
}

/**
 * Checks the times of a token. It is expired from `exp` on, to the millisecond.
 *
 * @param claims of a token of which the signature is verified
 * @param life the clock and the limits
 * @throws TokenError `token_expired`, `token_not_yet_valid` when `nbf` or `iat` lies too far ahead,
 *   `token_lifetime_too_long` when `exp` lies too far behind `iat` or ahead of the clock
 */
export function assertTokenCurrent(claims: RegisteredClaims, life: TokenLife = {}): void {
  const { now = Date.now } = life;
  const { maxExpires = DEFAULT_MAX_EXPIRES, clockSkew = DEFAULT_CLOCK_SKEW } = life;
  const { issuedAt = -Infinity, notBefore = -Infinity, expiresAt } = claims;
  const time = now();
  const latest = time + clockSkew * 1000;
  const longest = maxExpires * 1000;
  // The comparisons are negated so that a clock that gives NaN refuses the token.
  if (!(time < expiresAt)) throw timeError("token_expired", "exp", claims, time);
  if (!(notBefore <= latest)) throw timeError("token_not_yet_valid", "nbf", claims, time);
  if (!(issuedAt <= latest)) throw timeError("token_not_yet_valid", "iat", claims, time);
  const start = Math.min(claims.issuedAt ?? time, time);
  if (!(expiresAt - start <= longest)) {
    throw timeError("token_lifetime_too_long", "exp", claims, time);
  }
}

function timeError(
  code: TokenErrorCode,
  claim: string,
  { issuer, issuedAt, notBefore, expiresAt }: RegisteredClaims,
  now: number,
): TokenError {
  const times = {
    ...(issuedAt !== undefined && { issuedAt }),
    ...(notBefore !== undefined && { notBefore }),
    expiresAt,
    now,
  };
  return new TokenError(code, { claim, issuer, times });
}

/** The audience for {@link assertTokenAudience}. */
export interface TokenAudience {
  /** The audience of the gateway or the app. Without it a token must have none. */
  audience?: string | undefined;
  /** Whether a token must have it, as a token of a key set must. Default: no. */
  isRequired?: boolean;
}

/**
 * Checks the audience of a token (RFC 7519, section 4.1.3). A token that names other audiences besides is
 * accepted.
 *
 * @param claims of a token of which the signature is verified
 * @param expected the audience
 * @throws TokenError `token_audience_mismatch`
 */
export function assertTokenAudience(claims: RegisteredClaims, expected: TokenAudience): void {
  const { audience, isRequired = false } = expected;
  if (claims.audience === undefined ? !isRequired : isAmong(audience, claims.audience)) return;
  throw new TokenError("token_audience_mismatch", { claim: "aud", issuer: claims.issuer });
}

function isAmong(audience: string | undefined, audiences: readonly string[]): boolean {
  return audience !== undefined && audiences.includes(audience);
}
