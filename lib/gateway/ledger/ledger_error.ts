import { GatewayError } from "../problem/gateway_error.ts";

/** The counter is used up: 403, and final. Clients do not retry. */
export type ExhaustedCode =
  "uses_exhausted" | "tokens_exhausted" | "cost_exhausted" | "bytes_exhausted";

/** Only time or open reservations are in the way: 429, with a time to wait. */
export type BusyCode = "budget_reserved" | "rate_limited" | "too_many_concurrent";

/** The credential does not fit the birth or the clock of the ledger: 401. */
export type CredentialCode = "token_predates_ledger" | "token_not_yet_valid" | "token_expired";

/** Every reason for which a ledger refuses. `ledger_unavailable` is 503. */
export type LedgerErrorCode = ExhaustedCode | BusyCode | CredentialCode | "ledger_unavailable";

/** The longest time that a client is told to wait, in milliseconds. */
const MAX_WAIT_MS = 60_000;

/** The error for a request that the ledger refuses. It has no detail that is derived from a credential. */
export class LedgerError extends GatewayError {
  declare readonly code: LedgerErrorCode;

  /**
   * @param code the reason, from the closed set
   * @param waitMs the time after which a retry may succeed, in milliseconds, for a {@link BusyCode}
   */
  constructor(code: LedgerErrorCode, waitMs?: number) {
    super(
      code,
      undefined,
      waitMs === undefined ? {} : { retryAfterMs: Math.min(waitMs, MAX_WAIT_MS) },
    );
  }

  /**
   * The time after which a retry may succeed, in milliseconds, at most a minute, for `Retry-After` and
   * `retry-after-ms`. `undefined`: the code is not a {@link BusyCode}.
   */
  get retryAfterMs(): number | undefined {
    return this.details.retryAfterMs;
  }
}
