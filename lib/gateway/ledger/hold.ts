import type { RequestBound } from "../model/bound.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission, Scheme } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { ProblemCode } from "../problem/problems.ts";
import { countedRequest } from "./counted_request.ts";
import type { CountedRequest, Ledger, LedgerReservation } from "./ledger.ts";
import { LedgerError, type LedgerErrorCode } from "./ledger_error.ts";
import { type RateLimitFields, refusingLimit, tightestLimit } from "./rate_limit_fields.ts";

/** The reservation of an exchange. */
export interface Held {
  reservation: LedgerReservation;
  /** The rest of the limit of which the smallest part is left. */
  fields: RateLimitFields | undefined;
}

/** The ledger, and the clock for what it tells clients. */
export interface HoldParts {
  ledger: Ledger;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
}

/**
 * Reserves what a request needs, and lowers its output cap to what is granted.
 *
 * @param parts the ledger and the clock
 * @param admission of the request
 * @param checked what policies made of it. Absent: none applies
 * @param receipt what its receipt says if this process ends before the exchange. Absent: it has no receipt
 * @returns `undefined` when nothing is counted; then the ledger is not called
 * @throws GatewayError as a rejection when something is used up, reserved or too fast, or the store cannot be reached
 */
export function hold(
  parts: HoldParts,
  admission: Admission,
  checked: CheckedRequest | undefined,
  receipt?: string,
): Promise<Held> | undefined {
  const request = countedRequest(admission, checked?.bound, receipt);
  return request && reserve(parts, request, { admission, checked });
}

/**
 * Reserves what a response within a WebSocket can bill. Its handshake holds everything else.
 *
 * @param parts the ledger and the clock
 * @param admission of the handshake
 * @param bound the most that the API can bill for the response
 * @param receipt what the receipt of the response says if this process ends before it. Absent: it has no receipt
 * @throws GatewayError as {@link hold} does
 */
export async function holdResponse(
  parts: HoldParts,
  admission: Admission,
  bound: RequestBound,
  receipt?: string,
): Promise<LedgerReservation> {
  const request = countedRequest(admission, bound, receipt);
  const demands = request?.demands.filter(({ counter }) => ["tokens", "cost"].includes(counter));
  if (!request || !demands) throw new RangeError("nothing of the response is counted");
  const held = await reserve(parts, { ...request, demands }, { admission, checked: undefined });
  return held.reservation;
}

async function reserve(
  { ledger, now }: HoldParts,
  request: CountedRequest,
  { admission, checked }: { admission: Admission; checked: CheckedRequest | undefined },
): Promise<Held> {
  const { demands, elastic } = request;
  let reservation: LedgerReservation;
  try {
    reservation = await ledger.reserve(request);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    throw refusalOf(error, admission.grant.credential.scheme, refusingLimit(demands, error, now()));
  }
  const { granted, left } = reservation;
  // Also where all of it is granted: the request may have no cap yet.
  if (elastic && granted !== undefined) checked?.lowerCap?.(granted);
  return { reservation, fields: tightestLimit(demands, left, now()) };
}

/**
 * Returns what a request holds.
 *
 * @param held what was reserved
 * @param assertWanted checks that the request is still to be sent
 * @throws what the check throws, after everything is given back
 */
export function heldUnless(held: Held, assertWanted: () => void): Held {
  try {
    assertWanted();
  } catch (error) {
    held.reservation.release();
    throw error;
  }
  return held;
}

/** The codes for a signed URL where those of a token do not fit. */
const SIGNED_URL_CODES: Readonly<Partial<Record<LedgerErrorCode, ProblemCode>>> = {
  token_expired: "expired",
  token_not_yet_valid: "date_in_future",
};

function refusalOf(
  { code, retryAfterMs }: LedgerError,
  scheme: Scheme,
  fields: RateLimitFields | undefined,
): GatewayError {
  const codeForCaller = (scheme === "signed_url" && SIGNED_URL_CODES[code]) || code;
  return new GatewayError(codeForCaller, undefined, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(fields && { headers: fields }),
  });
}
