import type { CounterDemand, Elastic } from "./demand.ts";
import type { Scope } from "./forms/scope.ts";
import type { CounterReading, CredentialTimes, Report } from "./store.ts";

/** A request that the ledger counts. */
export interface CountedRequest {
  /** The id of the app or route. Everything in the ledger is apart for each of them. */
  app: string;
  /**
   * All limits that apply, grouped by scope. Limits of one counter are combined beforehand: the
   * smallest number counts. Rates that differ are counters that differ, and each of them applies.
   */
  demands: readonly CounterDemand[];
  /** The output cap. Absent: the operation has none, and `unit` counts for nothing. */
  elastic?: Elastic;
  /** The times of the token or signed URL. Required when a demand is in its scope. */
  credential?: CredentialTimes;
  /** The text of the receipt if this process ends before the exchange. Absent: the exchange has no receipt. */
  receipt?: string;
}

/**
 * Keeps limits for requests.
 *
 * For each counter, in the order in which its store executes operations: settled + reserved ≤ the limit that the
 * reserving request carried. The step order of an exchange is:
 *
 * 1. After policy, with the final body: {@link Ledger.reserve}. A request without demands makes no call.
 * 2. Lower the output cap of the body to {@link LedgerReservation.granted}.
 * 3. Check that the client is still there, then send. If it has left, or when nothing was sent (name not resolved,
 *    address or connection refused, TLS failed, connect timeout): {@link LedgerReservation.release}.
 * 4. Before each chunk for the client: {@link LedgerReservation.isHeld}, and with bytes counted, a
 *    {@link LedgerReservation.draw} when the allowance is half used; a stream waits and does not run ahead.
 * 5. When the exchange ends, however it ends: {@link LedgerReservation.settle} with what the provider reported and
 *    the bytes that were sent. `{ tokens: 0, cost: 0 }` gives budgets back after an error of the upstream in its own
 *    form. What the report lacks is charged as it was reserved.
 */
export interface Ledger {
  /**
   * Reserves all demands of an exchange, or none of them. It returns the reservation itself when its store need
   * not wait.
   *
   * @param request the demands
   * @throws LedgerError as a rejection where it is a promise
   * @throws RangeError for demands that contradict each other, which is a mistake of the caller
   */
  reserve: (request: CountedRequest) => LedgerReservation | Promise<LedgerReservation>;
  /**
   * Reads the counters of scopes.
   *
   * @param app the id of the app
   * @param scopes whose counters are read
   * @returns the counters of each scope, in the order of their names
   * @throws LedgerError `ledger_unavailable`
   */
  read: (app: string, scopes: readonly Scope[]) => Promise<CounterReading[][]>;
  /**
   * Sets what is settled to 0 in all counters of scopes. What is reserved stays reserved.
   *
   * @param app the id of the app
   * @param scopes whose counters are reset
   * @returns the number of counters that were changed
   * @throws LedgerError `ledger_unavailable`
   */
  reset: (app: string, scopes: readonly Scope[]) => Promise<number>;
  /**
   * Charges what processes that have ended had reserved in an app. It is done whenever something is reserved there, so
   * only an app without requests needs it.
   *
   * @param app the id of the app
   * @throws LedgerError `ledger_unavailable`
   */
  sweep: (app: string) => Promise<void>;
  /**
   * Waits for open reservations. An exchange may hold one when its client has left, because its upstream is read to
   * the end.
   *
   * @returns a promise that resolves when each of them is settled or released
   */
  idle: () => Promise<void>;
  /**
   * Ends the use of the ledger. Further reservations are refused. It does not close the store.
   *
   * @returns a promise that resolves when the store has confirmed all settlements, after 5 seconds at the latest
   */
  close: () => Promise<void>;
}

/** The reservation of an exchange. It has to be settled or released, once; further calls do nothing. */
export interface LedgerReservation {
  /** The output cap. `undefined`: the request was not elastic. */
  readonly granted: number | undefined;
  /**
   * What is left of each demand's limit, in the order of the demands; for a rate, the requests that may follow at
   * once. Meant for the `RateLimit` header.
   */
  readonly left: readonly number[];
  /** The bytes that may go to the client so far; Infinity when bytes are not counted. */
  readonly allowance: number;
  /** The bytes that were left beside the allowance when it was last drawn; Infinity when bytes are not counted. */
  readonly bytesLeft: number;
  /**
   * Draws the next block of bytes and adds it to the allowance.
   *
   * @returns its size; 0 when the limit is reached and the stream has to end with `bytes_exhausted`
   * @throws LedgerError `ledger_unavailable`, as a rejection where it is a promise
   */
  draw: () => number | Promise<number>;
  /**
   * Whether the exchange may go on. It may not when it holds a place and the store has not confirmed the lease of
   * this process for 37 seconds, because the place may be taken by another exchange soon. It is then to end with
   * `ledger_unavailable`, before it forwards another byte, and to be settled as usual.
   */
  isHeld: () => boolean;
  /**
   * Calls back once when {@link isHeld} becomes false, for exchanges that are waiting. A process that was stopped
   * may be asked for a byte before that, so it does not replace the check.
   *
   * @param callback called once
   */
  onLost: (callback: () => void) => void;
  /**
   * Ends the reservation and charges what was used. The charge is repeated until the store has confirmed it.
   *
   * @param report in bytes, tokens and nano-dollars. What it lacks, and a value that is not an integer from 0 to
   *   2^53 - 1, is charged as it was reserved
   * @param receipt what the receipt says. The store queues it in the same step. Default: what the request said
   */
  settle: (report: Report, receipt?: string) => void;
  /**
   * Ends the reservation and gives back all but rates, because nothing was sent.
   *
   * @param receipt as for {@link settle}
   */
  release: (receipt?: string) => void;
}

/** The events of a ledger, for metrics and the log. */
export interface LedgerEvents {
  /** A report exceeded its reservation by so much. The counter may be above its limit, and admits nothing more. */
  onOverrun: (excess: Report) => void;
  /** A settlement was for a reservation that the store does not know. Nothing was charged. */
  onUnknown: () => void;
  /** Reservations of a process that is gone were charged. */
  onSwept: (count: number) => void;
  /** Exchanges that hold a place have to end, because the store did not confirm the lease. */
  onLost: (count: number) => void;
}
