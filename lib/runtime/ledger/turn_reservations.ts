import type { AmountsRow } from "../../gateway/ledger/algorithm/rows.ts";
import type { Owners } from "../../gateway/ledger/memory/owners.ts";
import type { Reservations } from "../../gateway/ledger/memory/table_rows.ts";

/** A reservation as it was before the turn. */
interface Before {
  app: string;
  owner: string;
  row: AmountsRow | undefined;
  lease: number | undefined;
}

/** How open reservations are kept in the file. */
export interface ReservationFile {
  write: (reservation: { id: string; app: string; owner: string; row: AmountsRow }) => void;
  remove: (id: string) => void;
}

/**
 * The open reservations, which are in memory as well as in the file. What one turn of the event loop changes can
 * be undone until it is written.
 */
export class TurnReservations implements Reservations {
  readonly #owners: Owners;
  readonly #file: ReservationFile;
  readonly #before = new Map<string, Before>();

  /**
   * @param owners the reservations in memory
   * @param file the reservations in the file
   */
  constructor(owners: Owners, file: ReservationFile) {
    this.#owners = owners;
    this.#file = file;
  }

  /** Whether there is something to write. */
  get hasChanged(): boolean {
    return this.#before.size > 0;
  }

  open(app: string, owner: string, id: string): AmountsRow | undefined {
    return this.#owners.open(app, owner, id);
  }

  setOpen(app: string, owner: string, id: string, row: AmountsRow | undefined): void {
    if (!this.#before.has(id)) {
      const before = this.#owners.open(app, owner, id);
      this.#before.set(id, { app, owner, row: before, lease: this.#owners.lease(app, owner) });
    }
    this.#owners.setOpen(app, owner, id, row);
  }

  openOf(app: string, owner: string, count: number): [id: string, row: AmountsRow][] {
    return this.#owners.openOf(app, owner, count);
  }

  lease(app: string, owner: string): number | undefined {
    return this.#owners.lease(app, owner);
  }

  // Leases are not in the file: a process that opens it knows that all owners have ended.
  setLease(app: string, owner: string, end: number): void {
    this.#owners.setLease(app, owner, end);
  }

  leases(app: string): Iterable<[owner: string, end: number]> {
    return this.#owners.leases(app);
  }

  /** Writes what has changed. It has to be in a transaction. */
  write(): void {
    for (const [id, { app, owner, row: before }] of this.#before) {
      const row = this.#owners.open(app, owner, id);
      if (row) this.#file.write({ id, app, owner, row });
      else if (before) this.#file.remove(id);
    }
  }

  /** Undoes what has changed since the last {@link keep}. */
  undo(): void {
    for (const [id, { app, owner, row, lease }] of [...this.#before].reverse()) {
      this.#owners.setOpen(app, owner, id, row);
      if (lease !== undefined) this.#owners.setLease(app, owner, lease);
    }
    this.#before.clear();
  }

  /** Keeps the turn: it was written. */
  keep(): void {
    this.#before.clear();
  }
}
