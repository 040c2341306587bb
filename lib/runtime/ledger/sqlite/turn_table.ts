import type { Table } from "../../../gateway/ledger/memory/table_rows.ts";
import { RecentRows } from "./recent_rows.ts";
import type { RowFile, StoredRow } from "./row_file.ts";

/** A row that was used lately. */
interface Entry<Row> {
  readonly key: string;
  /** As the turn sees it. */
  row: Row | undefined;
  /** As it is in the file, where it may have expired. */
  saved: Row | undefined;
  /** Its number in the file, if it is there. */
  number: number;
  hasChanged: boolean;
}

/** The rows of a table as one turn of the event loop sees them, before they are written to the file. */
export class TurnTable<Row extends object> implements Table<Row> {
  readonly #file: RowFile<Row>;
  readonly #recent = new RecentRows<Entry<Row>>();
  #changed: Entry<Row>[] = [];

  /** @param file the rows in the file */
  constructor(file: RowFile<Row>) {
    this.#file = file;
  }

  /** Whether there is something to write. */
  get hasChanged(): boolean {
    return this.#changed.length > 0;
  }

  get(key: string, now: number): Row | undefined {
    const row = this.#find(key, now)?.row;
    return row !== undefined && this.#file.expiryOf(row) > now ? row : undefined;
  }

  set(key: string, row: Row, now: number): void {
    this.#change(this.#find(key, now) ?? this.#remember(key, undefined), row);
  }

  delete(key: string): void {
    const entry = this.#find(key, -Infinity);
    if (entry) this.#change(entry, undefined);
  }

  /**
   * Writes what has changed. It has to be in a transaction.
   *
   * @param now milliseconds since the epoch
   */
  write(now: number): void {
    for (const entry of this.#changed) this.#write(entry);
    this.#file.clean(now);
  }

  /** Keeps the turn: it was written. */
  keep(): void {
    for (const entry of this.#changed) entry.saved = entry.row;
    this.#end();
  }

  /** Forgets the turn. */
  drop(): void {
    for (const entry of this.#changed) entry.row = entry.saved;
    this.#end();
  }

  #end(): void {
    for (const entry of this.#changed) entry.hasChanged = false;
    this.#changed.length = 0;
    // Now, because what has changed must not be forgotten.
    this.#recent.age();
  }

  #write(entry: Entry<Row>): void {
    const { key, row, saved, number } = entry;
    if (row === undefined) {
      if (saved !== undefined) this.#file.remove(number);
    } else if (saved === undefined || !this.#file.change(number, row)) {
      entry.number = this.#file.add(key, row);
    }
  }

  #change(entry: Entry<Row>, row: Row | undefined): void {
    entry.row = row;
    if (entry.hasChanged) return;
    entry.hasChanged = true;
    this.#changed.push(entry);
  }

  #find(key: string, now: number): Entry<Row> | undefined {
    const found = this.#recent.get(key);
    if (found || !this.#file.hasRows(now)) return found;
    return this.#remember(key, this.#file.read(key));
  }

  #remember(key: string, stored: StoredRow<Row> | undefined): Entry<Row> {
    const row = stored?.row;
    const entry = { key, row, saved: row, number: stored?.number ?? 0, hasChanged: false };
    this.#recent.set(key, entry);
    return entry;
  }
}
