import type { OpenRow } from "../../../gateway/ledger/algorithm/rows.ts";
import type { Owners } from "../../../gateway/ledger/memory/owners.ts";
import type { Reservations } from "../../../gateway/ledger/memory/table_rows.ts";

/** A reservation in a turn. */
interface Change {
  app: string;
  owner: string;
  /** As it was before the turn. */
  before: OpenRow | undefined;
  /** The lease of the owner before the turn. */
  lease: number | undefined;
  /** As it is now. */
  row: OpenRow | undefined;
}

/** How open reservations are kept in the file, by numbers that they get. */
export interface ReservationFile {
  add: (number: number, reservation: OpenReservation) => void;
  change: (number: number, row: OpenRow) => void;
  remove: (number: number) => void;
}

/** An open reservation of a process. */
export interface OpenReservation {
  id: string;
  app: string;
  owner: string;
  row: OpenRow;
}

/**
 * The open reservations, which are in memory as well as in the file. What one turn of the event loop changes can
 * be undone until it is written.
 */
export class TurnReservations implements Reservations {
  readonly #owners: Owners;
  readonly #file: ReservationFile;
  readonly #changes = new Map<string, Change>();
  // The numbers of the reservations in the file.
  readonly #numbers = new Map<string, number>();
  #lastNumber = 0;

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
    return this.#changes.size > 0;
  }

  open(app: string, owner: string, id: string): OpenRow | undefined {
    return this.#owners.open(app, owner, id);
  }

  setOpen(app: string, owner: string, id: string, row: OpenRow | undefined): void {
    const change = this.#changes.get(id);
    if (change) {
      change.row = row;
    } else {
      const before = this.#owners.open(app, owner, id);
      const lease = this.#owners.lease(app, owner);
      this.#changes.set(id, { app, owner, before, lease, row });
    }
    this.#owners.setOpen(app, owner, id, row);
  }

  /** Loads a reservation that is in the file. */
  load(number: number, { id, app, owner, row }: OpenReservation): void {
    this.#owners.setOpen(app, owner, id, row);
    this.#owners.setLease(app, owner, 0);
    this.#numbers.set(id, number);
    this.#lastNumber = Math.max(this.#lastNumber, number);
  }

  openOf(app: string, owner: string, count: number): [id: string, row: OpenRow][] {
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
    for (const [id, { app, owner, before, row }] of this.#changes) {
      if (row && before) this.#file.change(this.#numbers.get(id)!, row);
      else if (row) this.#file.add(this.#number(id), { id, app, owner, row });
      else if (before) this.#file.remove(this.#numbers.get(id)!);
    }
  }

  /** Undoes what has changed since the last {@link keep}. */
  undo(): void {
    for (const [id, { app, owner, before, lease }] of [...this.#changes].reverse()) {
      this.#owners.setOpen(app, owner, id, before);
      if (lease !== undefined) this.#owners.setLease(app, owner, lease);
      if (!before) this.#numbers.delete(id);
    }
    this.#changes.clear();
  }

  /** Keeps the turn: it was written. */
  keep(): void {
    for (const [id, { row }] of this.#changes) if (!row) this.#numbers.delete(id);
    this.#changes.clear();
  }

  #number(id: string): number {
    this.#numbers.set(id, ++this.#lastNumber);
    return this.#lastNumber;
  }
}
