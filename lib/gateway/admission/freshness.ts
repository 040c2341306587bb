import { type FieldSource, fieldValue } from "../../signing/verify.ts";
import { DEFAULTS } from "../defaults.ts";
import type { RouteSignature } from "../model/route.ts";
import type { SignatureLimits } from "./authenticator.ts";

/** When a request was signed, and until when it is valid, in milliseconds since the epoch. */
export interface SignedSpan {
  issuedAt: number;
  expiresAt: number;
}

/**
 * Reads when a request was signed.
 *
 * @param source the fields of the request
 * @param signature how the route's requests are signed
 * @returns `undefined` when the route accepts any age; `NaN` for an invalid time
 */
export function signedSpan(
  source: FieldSource,
  { timestampField, maxAge }: RouteSignature,
): SignedSpan | undefined {
  if (timestampField === undefined || maxAge === undefined) return undefined;
  const issuedAt = parseTimestamp(String(fieldValue(timestampField, source)));
  return { issuedAt, expiresAt: issuedAt + maxAge * 1000 };
}

/**
 * Whether a request was signed recently enough: at most the route's `maxAge` ago, and ahead by at most the
 * clock skew. A route without a timestamp field accepts any age.
 *
 * @param span when it was signed
 * @param limits the clock and its skew
 */
export function isFresh(
  span: SignedSpan | undefined,
  { now = Date.now, clockSkew = DEFAULTS.clockSkew }: SignatureLimits,
): boolean {
  if (!span) return true;
  const time = now();
  // An invalid time is NaN, for which both comparisons are false.
  return time <= span.expiresAt && time >= span.issuedAt - clockSkew * 1000;
}

/** Parses seconds since the epoch or an RFC 3339 time into milliseconds; NaN for anything else. */
function parseTimestamp(text: string): number {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  return isMoment ? Date.parse(text) : NaN;
}
