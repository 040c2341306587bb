import { type FieldSource, fieldValue } from "../../signing/verify.ts";
import { DEFAULTS } from "../defaults.ts";
import type { RouteSignature } from "../model/route.ts";
import type { SignatureLimits } from "./authenticator.ts";

/**
 * Whether a request was signed recently enough: at most the route's `maxAge` ago, and ahead by at most the
 * clock skew. A route without a timestamp field accepts any age.
 *
 * @param source the fields of the request
 * @param signature how the route's requests are signed
 * @param limits the clock and its skew
 */
export function isFresh(
  source: FieldSource,
  { timestampField, maxAge }: RouteSignature,
  { now = Date.now, clockSkew = DEFAULTS.clockSkew }: SignatureLimits,
): boolean {
  if (timestampField === undefined || maxAge === undefined) return true;
  const signedAt = parseTimestamp(String(fieldValue(timestampField, source)));
  const age = (now() - signedAt) / 1000;
  // An invalid time is NaN, for which both comparisons are false.
  return age <= maxAge && age >= -clockSkew;
}

/** Parses seconds since the epoch or an RFC 3339 time into milliseconds; NaN for anything else. */
function parseTimestamp(text: string): number {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  return isMoment ? Date.parse(text) : NaN;
}
