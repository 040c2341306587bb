import { expiryOf } from "../algorithm/counters.ts";
import type { OpenRow, PastRow, ReceiptQueue, Rows, ScopeRow } from "../algorithm/rows.ts";
import type { Scope } from "../forms/scope.ts";

/** A table of rows that expire, by their keys. */
export interface Table<Row> {
  /** Returns a row, unless it has expired. */
  get: (key: string, now: number) => Row | undefined;
  set: (key: string, row: Row, now: number) => void;
  delete: (key: string) => void;
}

/** The counters of the scopes of all apps. */
export interface ScopeTable {
  /** Returns the counters of a scope, unless all of them have expired. */
  get: (app: string, scope: Scope, now: number) => ScopeRow | undefined;
  /** Sets the counters of a scope; at least one. */
  set: (app: string, scope: Scope, row: ScopeRow, now: number) => void;
  delete: (app: string, scope: Scope) => void;
}

/** The open reservations of all apps, with the leases of their owners. */
export interface Reservations {
  open: (app: string, owner: string, id: string) => OpenRow | undefined;
  /** `undefined` removes the reservation, and with the last one its owner and the lease. */
  setOpen: (app: string, owner: string, id: string, row: OpenRow | undefined) => void;
  openOf: (app: string, owner: string, count: number) => [id: string, row: OpenRow][];
  lease: (app: string, owner: string) => number | undefined;
  setLease: (app: string, owner: string, end: number) => void;
  leases: (app: string) => Iterable<[owner: string, end: number]>;
}

/** The receipts of all apps that wait. */
export interface ReceiptTable {
  /** Returns the queue of an app. */
  of: (app: string) => ReceiptQueue;
}

/** The tables of a store. */
export interface Tables {
  /** When the ledger was born, in milliseconds since the epoch. */
  born: number;
  scopes: ScopeTable;
  /** By the ids of reservations. */
  past: Table<PastRow>;
  owners: Reservations;
  receipts: ReceiptTable;
}

/** The rows of one app in the tables of a store, for one operation. */
export class TableRows implements Rows {
  readonly #tables: Tables;
  readonly #app: string;
  readonly #now: number;
  // The scope that was asked for last. Most demands are in the same scope as the one before.
  #lastScope: Scope | undefined;
  #lastRow: ScopeRow | undefined;

  /**
   * @param tables of the store
   * @param app whose rows they are
   * @param now the time of the operation, in milliseconds since the epoch
   */
  constructor(tables: Tables, app: string, now: number) {
    this.#tables = tables;
    this.#app = app;
    this.#now = now;
  }

  get born(): number {
    return this.#tables.born;
  }

  scope(scope: Scope): ScopeRow | undefined {
    if (scope !== this.#lastScope) {
      this.#lastRow = this.#tables.scopes.get(this.#app, scope, this.#now);
      this.#lastScope = scope;
    }
    return this.#lastRow;
  }

  setScope(scope: Scope, row: ScopeRow): void {
    this.#lastScope = scope;
    this.#lastRow = row.length > 0 ? row : undefined;
    if (row.length > 0) this.#tables.scopes.set(this.#app, scope, row, this.#now);
    else this.#tables.scopes.delete(this.#app, scope);
  }

  open(owner: string, id: string): OpenRow | undefined {
    return this.#tables.owners.open(this.#app, owner, id);
  }

  setOpen(owner: string, id: string, row: OpenRow): void {
    this.#tables.owners.setOpen(this.#app, owner, id, row);
  }

  deleteOpen(owner: string, id: string): void {
    this.#tables.owners.setOpen(this.#app, owner, id, undefined);
  }

  openOf(owner: string, count: number): [id: string, row: OpenRow][] {
    return this.#tables.owners.openOf(this.#app, owner, count);
  }

  past(id: string): PastRow | undefined {
    return this.#tables.past.get(id, this.#now);
  }

  setPast(id: string, row: PastRow): void {
    this.#tables.past.set(id, row, this.#now);
  }

  deletePast(id: string): void {
    this.#tables.past.delete(id);
  }

  lease(owner: string): number | undefined {
    return this.#tables.owners.lease(this.#app, owner);
  }

  setLease(owner: string, end: number): void {
    this.#tables.owners.setLease(this.#app, owner, end);
  }

  leases(): Iterable<[owner: string, end: number]> {
    return this.#tables.owners.leases(this.#app);
  }

  get receipts(): ReceiptQueue {
    return this.#tables.receipts.of(this.#app);
  }
}

/** Returns when the last of the counters of a scope may be forgotten. */
export function scopeExpiry(row: ScopeRow): number {
  let last = 0;
  for (const counter of row) last = Math.max(last, expiryOf(counter));
  return last;
}
