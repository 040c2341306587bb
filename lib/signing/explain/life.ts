import { DEFAULT_CLOCK_SKEW, DEFAULT_MAX_EXPIRES } from "../primitives/defaults.ts";
import type { PresignedUrl } from "../sw1/presigned_url.ts";
import { type Cause, causeOf } from "./cause.ts";

/** When the URL is valid. Times are in ISO 8601, in UTC. */
export interface Life {
  /** When it was signed. */
  signedAt: string;
  /** When it expires; absent when the time is beyond the range of `Date`. */
  expiresAt?: string;
  /** How long it is valid, in seconds. */
  expires: number;
  /** `early` when the time of signing is ahead by more than the clock skew. */
  state: "early" | "valid" | "expired";
}

/** The clock, and the limits of a gateway. */
export interface Clock {
  /** The current time. Default: now. */
  now?: Date;
  /** The longest lifetime that the gateway allows, in seconds. Default: 604800, a week. */
  maxExpires?: number;
  /** How far ahead the signer's clock may be, in seconds. Default: 300. */
  clockSkew?: number;
}

/**
 * Describes when a URL is valid.
 *
 * @param url the signed URL
 * @param clock the current time and the limits
 * @returns when the URL is valid, and the cause if a gateway refuses it at the current time
 */
export function describeLife(
  { signedAt, expires }: PresignedUrl,
  clock: Clock,
): { life: Life; cause?: Cause } {
  const { now = new Date(), clockSkew = DEFAULT_CLOCK_SKEW } = clock;
  const { maxExpires = DEFAULT_MAX_EXPIRES } = clock;
  const age = now.getTime() - signedAt;
  // The comparisons are negated, as in the verifier, so that an invalid date refuses the URL.
  const isPast = !(age <= expires * 1000);
  const state = !(age >= -clockSkew * 1000) ? "early" : isPast ? "expired" : "valid";
  const end = new Date(signedAt + expires * 1000);
  const life: Life = {
    signedAt: new Date(signedAt).toISOString(),
    ...(!Number.isNaN(end.getTime()) && { expiresAt: end.toISOString() }),
    expires,
    state,
  };
  if (expires > maxExpires) return { life, cause: causeOf("expires_too_long") };
  if (state === "valid") return { life };
  return { life, cause: causeOf(state === "early" ? "date_in_future" : "expired") };
}
