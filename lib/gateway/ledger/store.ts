import type { BytesDemand, CounterDemand, Elastic } from "./demand.ts";
import type { ReportedKind } from "./forms/counter.ts";
import type { Scope } from "./forms/scope.ts";
import type { BusyCode, CredentialCode, ExhaustedCode } from "./ledger_error.ts";
import type { ReceiptKey, WaitingReceipt } from "./receipt.ts";

/** What all operations name. */
interface InApp {
  /** The app. Its counters, reservations and leases are apart from those of other apps. */
  app: string;
}

/** What operations on a reservation name. */
interface OnReservation extends InApp {
  /** The process that holds the reservation. */
  owner: string;
  /** The reservation, with an id that no other reservation ever has. */
  id: string;
}

/** The times of a credential, in milliseconds since the epoch. */
export interface CredentialTimes {
  issuedAt: number;
  expiresAt: number;
}

/** Reserves all demands or none of them. It gives the owner a lease if it has none. */
export interface ReserveOperation extends OnReservation {
  kind: "reserve";
  demands: readonly CounterDemand[];
  elastic?: Elastic;
  /** Required when a demand is in the scope of a credential. */
  credential?: CredentialTimes;
  /** What the receipt says if the owner ends before the exchange. Absent: the exchange has no receipt. */
  receipt?: string;
}

/** The amounts that an exchange used, in bytes, tokens and nano-dollars. An absent one charges the reservation. */
export type Report = { readonly [Kind in ReportedKind]?: number };

/** Ends a reservation and charges what was used. */
export interface SettleOperation extends OnReservation {
  kind: "settle";
  report: Report;
  /** What the receipt says. Absent: what the reservation says. */
  receipt?: string;
}

/** Ends a reservation of which nothing was sent, and gives back all but rates. */
export interface ReleaseOperation extends OnReservation {
  kind: "release";
  /** What the receipt says. Absent: what the reservation says. */
  receipt?: string;
}

/** Reserves further bytes for an open reservation. */
export interface DrawOperation extends OnReservation {
  kind: "draw";
  /** The demands of the reservation that count bytes. */
  demands: readonly BytesDemand[];
}

/** Renews the lease of an owner for 45 s, if it has a reservation. */
export interface BeatOperation extends InApp {
  kind: "beat";
  owner: string;
}

/** Charges up to 100 reservations of an owner whose lease has ended. */
export interface SweepOperation extends InApp {
  kind: "sweep";
  owner: string;
  /** Whether the owner is known to have ended. Then its lease does not count. */
  isDead?: boolean;
}

/** Reads the counters of scopes. */
export interface ReadOperation extends InApp {
  kind: "read";
  scopes: readonly Scope[];
}

/** Sets what is settled to 0 in all counters of scopes. What is reserved stays reserved. */
export interface ResetOperation extends InApp {
  kind: "reset";
  scopes: readonly Scope[];
}

/** Collects receipts that wait, the oldest first. One process at a time gets them. */
export interface CollectOperation extends InApp {
  kind: "collect";
  /** The process that sends them. */
  sender: string;
  /** Receipts that were delivered. They are removed, as far as they are the oldest. */
  delivered: readonly ReceiptKey[];
  /** Whether the process sends no more, so that another one may at once. Absent: it goes on. */
  isLast?: boolean;
}

/** An operation of a store: plain data, which can be sent to another process. */
export type Operation =
  | ReserveOperation
  | SettleOperation
  | ReleaseOperation
  | DrawOperation
  | BeatOperation
  | SweepOperation
  | ReadOperation
  | ResetOperation
  | CollectOperation;

/** The result of a reservation that was made. */
export interface Reserved {
  kind: "reserved";
  /** The output cap, when the operation was elastic. */
  granted?: number;
  /** The bytes of the first block, when bytes are counted. */
  bytes?: number;
  /** What is left of each demand's limit, in the order of the demands; for a rate, the requests that may follow now. */
  left: number[];
}

/** The result of a reservation that was refused. Nothing was taken. */
export interface Refused {
  kind: "refused";
  /** `void`: the reservation was released before it arrived, or its id was used before. */
  code: ExhaustedCode | BusyCode | CredentialCode | "void";
  /** The time after which a retry may succeed, in milliseconds, for a {@link BusyCode}. */
  waitMs?: number;
  /** Owners whose leases have ended, so that a sweep may help. */
  expired?: string[];
}

/** The result of {@link SettleOperation} and {@link ReleaseOperation}. */
export interface Closed {
  /**
   * `open`: the reservation was open. `swept`: it had been swept, and the charge was corrected. `unknown`:
   * nothing was changed; a release also marks the id, and a reservation that arrives later with it is void.
   */
  was: "open" | "swept" | "unknown";
  /** By how much the report exceeded the reservation. Absent: it did not. */
  overrun?: Report;
}

/** The result of {@link DrawOperation}. */
export interface Drawn {
  /** The bytes of the new block; 0 when nothing is left. */
  bytes: number;
  /** The bytes that are left beside it. */
  left: number;
  /** Whether the reservation is open. A reservation that was swept can draw nothing. */
  isOpen: boolean;
}

/** The result of {@link SweepOperation}. */
export interface Swept {
  /** The number of reservations that were charged. */
  count: number;
  /** Whether the owner has more of them. */
  hasMore: boolean;
}

/** A counter as it is read. */
export type CounterReading =
  | { name: string; settled: number; reserved: number; endsAt?: number }
  | { name: string; fullAt: number };

/** The result of {@link CollectOperation}. */
export interface Collected {
  /** Up to 100 receipts; none when another process sends. */
  receipts: WaitingReceipt[];
  /** How many wait, with these. */
  waiting: number;
  /** How many were dropped since a process was last told: too many waited, or they waited for a day. */
  dropped: number;
}

/** The result of each kind of operation. */
export interface Results {
  reserve: Reserved | Refused;
  settle: Closed;
  release: Closed;
  draw: Drawn;
  beat: { expired: string[] };
  sweep: Swept;
  read: CounterReading[][];
  reset: { count: number };
  collect: Collected;
}

/** The result of an operation. */
export type ResultOf<Of extends Operation> = Results[Of["kind"]];

/** The error of an operation that was certainly not executed, such as one that was not sent. */
export class NotExecutedError extends Error {
  override readonly name = "NotExecutedError";
}

/**
 * The memory of a ledger: a port with adapters for memory, SQLite and another process. It executes operations one
 * after the other and each of them whole or not at all. The time is that of its own clock.
 */
export interface LedgerStore {
  /**
   * Executes an operation. A store that need not wait returns the result itself.
   *
   * A promise that rejects leaves it open whether the operation was executed, unless it rejects with
   * {@link NotExecutedError}. Operations that end a reservation may be sent again; a reservation must not be.
   *
   * @param operation plain data
   */
  run<Of extends Operation>(operation: Of): ResultOf<Of> | Promise<ResultOf<Of>>;
}
