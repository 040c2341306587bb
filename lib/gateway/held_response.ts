import type { LedgerReservation } from "./ledger/ledger.ts";
import type { RequestBound } from "./model/bound.ts";
import type { ReportedResponse } from "./record/receipt.ts";

/** The reservation of a response within a WebSocket. */
export interface HeldResponse {
  reservation: LedgerReservation;
  /** Returns what its receipt says in the end. Absent: it has none. */
  receipt?: (reported: ReportedResponse) => string;
}

/**
 * Reserves what a response within a WebSocket can bill at most.
 *
 * @throws GatewayError as a rejection when something is used up or reserved, or the store cannot be reached
 */
export type ReserveResponse = (bound: RequestBound) => Promise<HeldResponse>;
