import type { AmountKind } from "../forms/counter.ts";
import type { Calendar } from "../forms/period.ts";
import type { Scope } from "../forms/scope.ts";
import type { ReceiptSender, WaitingReceipt } from "../receipt.ts";

// All rows are immutable plain data. A change is a new row, so that a store can drop the changes of a
// transaction that failed.

/** A counter of an amount. */
export interface AmountCounter {
  readonly name: string;
  readonly settled: number;
  readonly reserved: number;
  /** The end of its period, in milliseconds since the epoch; 0: it counts in all. */
  readonly end: number;
  /** When it may be forgotten if nothing is reserved, in milliseconds since the epoch. */
  readonly until: number;
}

/** A counter of a rate (GCRA: ITU-T I.371, annex A). */
export interface RateCounter {
  readonly name: string;
  /** The theoretical arrival time: when all of the burst is back, in microseconds since the epoch. */
  readonly tat: number;
  /** When it may be forgotten, in milliseconds since the epoch. */
  readonly until: number;
}

/** All counters of a scope that hold something. */
export type ScopeRow = readonly (AmountCounter | RateCounter)[];

/** An amount that a reservation holds. */
export interface ReservedAmount {
  readonly scope: Scope;
  readonly name: string;
  readonly kind: AmountKind;
  readonly amount: number;
  /** In the scope of a credential: when its counter may be forgotten, in milliseconds since the epoch. */
  readonly until?: number;
  /** In a swept row: the end of the period in which it was charged. */
  readonly end?: number;
}

/** The amounts that a reservation holds. */
export type AmountsRow = readonly ReservedAmount[];

/** An open reservation. It is the list alone where the exchange has no receipt. */
export type OpenRow = AmountsRow & {
  /** The text of its receipt if its owner ends before it. */
  readonly receipt?: string;
};

/** A reservation that is no longer open. */
export interface PastRow {
  /** The amounts that were charged when it was swept. Absent: it was released before it arrived. */
  readonly charged?: OpenRow;
  /** When it may be forgotten, in milliseconds since the epoch. */
  readonly until: number;
}

/** The rows of one app, as a store offers them to one operation. */
export interface Rows {
  /** When the ledger was born, in milliseconds since the epoch. */
  readonly born: number;
  /** Returns the counters of a scope that are not to be forgotten yet. */
  scope: (scope: Scope) => ScopeRow | undefined;
  /** Sets the counters of a scope. An empty row is deleted. */
  setScope: (scope: Scope, row: ScopeRow) => void;
  /** Returns what an open reservation holds. */
  open: (owner: string, id: string) => OpenRow | undefined;
  /** Sets what an open reservation holds. */
  setOpen: (owner: string, id: string, row: OpenRow) => void;
  /** Removes an open reservation, and with the last one the owner and its lease. */
  deleteOpen: (owner: string, id: string) => void;
  /** Returns up to `count` open reservations of an owner. */
  openOf: (owner: string, count: number) => (readonly [id: string, row: OpenRow])[];
  /** Returns a reservation that is no longer open and not to be forgotten yet. */
  past: (id: string) => PastRow | undefined;
  /** Sets a reservation that is no longer open. */
  setPast: (id: string, row: PastRow) => void;
  /** Forgets a reservation that is no longer open. */
  deletePast: (id: string) => void;
  /** Returns when the lease of an owner ends, in milliseconds since the epoch. */
  lease: (owner: string) => number | undefined;
  /** Sets the end of the lease of an owner that has an open reservation. */
  setLease: (owner: string, end: number) => void;
  /** Returns all owners with open reservations, and when their leases end. */
  leases: () => Iterable<readonly [owner: string, end: number]>;
  /** The receipts of the app. */
  readonly receipts: ReceiptQueue;
}

/** The receipts of one app that wait, the oldest first. */
export interface ReceiptQueue {
  /** How many there are. */
  readonly count: number;
  /** Returns up to `count` of the oldest. */
  oldest: (count: number) => readonly WaitingReceipt[];
  /** Adds the newest. */
  add: (receipt: WaitingReceipt) => void;
  /** Removes so many of the oldest. */
  remove: (count: number) => void;
  /** The process that sends them. Absent: none does. */
  sender: ReceiptSender | undefined;
}

/** The store's time and calendar for one operation. */
export interface Moment {
  /** Milliseconds since the epoch, an integer. */
  readonly now: number;
  readonly endOf: Calendar;
  /** Returns the time by which receipts grow old, which a clock that is ahead for a while does not change. Default: the same time. */
  readonly steadyTime?: ((now: number) => number) | undefined;
}
