import type { RegisteredClaims } from "../token/claims.ts";
import { assertTokenCurrent } from "../token/token_checks.ts";
import { TokenError } from "../token/token_error.ts";
import { type Cause, causeOf } from "./cause.ts";
import type { Clock } from "./life.ts";

/** When a token is valid. Times are in ISO 8601, in UTC; one beyond the range of `Date` is absent. */
export interface TokenTimes {
  /** When it was signed (`iat`). */
  signedAt?: string;
  /** The moment before which it is not valid (`nbf`). */
  notBefore?: string;
  /** When it expires (`exp`). */
  expiresAt?: string;
  /** How long it is valid from `iat` on, in seconds. */
  expires?: number;
  /** `early` when it is not valid yet by more than the clock skew. */
  state: "early" | "valid" | "expired";
}

// In seconds: the year 5138, and 1973.
const LATEST = 100_000_000_000;
const EARLIEST = 100_000_000;

/**
 * Describes when a token is valid.
 *
 * @param claims of the token
 * @param clock the current time and the limits
 * @returns when the token is valid, and the cause if a gateway refuses it at the current time
 */
export function describeTokenLife(
  claims: RegisteredClaims,
  clock: Clock,
): { life: TokenTimes; cause?: Cause } {
  const { now = new Date(), ...limits } = clock;
  const { issuedAt, notBefore, expiresAt } = claims;
  const describe = (state: TokenTimes["state"]): TokenTimes => ({
    ...momentOf("signedAt", issuedAt),
    ...momentOf("notBefore", notBefore),
    ...momentOf("expiresAt", expiresAt),
    ...(issuedAt !== undefined && { expires: (expiresAt - issuedAt) / 1000 }),
    state,
  });
  try {
    assertTokenCurrent(claims, { ...limits, now: () => now.getTime() });
    return { life: describe("valid") };
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    const state = STATES[error.code] ?? "valid";
    return { life: describe(state), cause: causeOfTimes(error, claims) };
  }
}

const STATES: Readonly<Record<string, TokenTimes["state"]>> = {
  token_expired: "expired",
  token_not_yet_valid: "early",
};

function causeOfTimes({ code, details }: TokenError, claims: RegisteredClaims): Cause {
  const { expiresAt, issuedAt = 0, notBefore = 0 } = claims;
  const times = Object.entries({ exp: expiresAt, iat: issuedAt, nbf: notBefore });
  const inMilliseconds = times.find(([, time]) => time > LATEST * 1000);
  if (inMilliseconds) return causeOf("time_in_milliseconds", inMilliseconds[0]);
  if (expiresAt < EARLIEST * 1000) return causeOf("exp_is_duration");
  return causeOf(code, details.claim);
}

function momentOf(name: string, time: number | undefined) {
  const date = new Date(time ?? NaN);
  return Number.isNaN(date.getTime()) ? {} : { [name]: date.toISOString() };
}
