import type { Table } from "../../gateway/ledger/memory/table_rows.ts";
import { RecentRows } from "./recent_rows.ts";
import type { RowFile } from "./row_file.ts";

/** A row in a turn. */
interface Entry<Row> {
  row: Row | undefined;
  /** Whether the file has a row with this key, which may have expired. */
  isInFile: boolean;
  hasChanged: boolean;
}

/** The rows of a table as one turn of the event loop sees them, before they are written to the file. */
export class TurnTable<Row extends object> implements Table<Row> {
  readonly #file: RowFile<Row>;
  readonly #recent = new RecentRows<Row>();
  readonly #entries = new Map<string, Entry<Row>>();
  #changes = 0;

  /** @param file the rows in the file */
  constructor(file: RowFile<Row>) {
    this.#file = file;
  }

  /** Whether there is something to write. */
  get hasChanged(): boolean {
    return this.#changes > 0;
  }

  get(key: string, now: number): Row | undefined {
    const { row } = this.#entryOf(key);
    return row !== undefined && this.#file.expiryOf(row) > now ? row : undefined;
  }

  set(key: string, row: Row): void {
    this.#change(key, row);
  }

  delete(key: string): void {
    this.#change(key, undefined);
  }

  /**
   * Writes what has changed. It has to be in a transaction.
   *
   * @param now milliseconds since the epoch
   */
  write(now: number): void {
    for (const [key, { row, isInFile, hasChanged }] of this.#entries) {
      if (!hasChanged) continue;
      if (row !== undefined) this.#file.write(key, row, !isInFile);
      else if (isInFile) this.#file.remove(key);
    }
    this.#file.clean(now);
  }

  /** Keeps the turn: it was written. */
  keep(): void {
    for (const [key, { row }] of this.#entries) {
      if (row === undefined) this.#recent.delete(key);
      else this.#recent.set(key, row);
    }
    this.drop();
  }

  /** Forgets the turn. */
  drop(): void {
    this.#entries.clear();
    this.#changes = 0;
  }

  #change(key: string, row: Row | undefined): void {
    const entry = this.#entryOf(key);
    entry.row = row;
    entry.hasChanged = true;
    this.#changes++;
  }

  #entryOf(key: string): Entry<Row> {
    let entry = this.#entries.get(key);
    if (!entry) {
      const row = this.#recent.get(key) ?? this.#file.read(key);
      entry = { row, isInFile: row !== undefined, hasChanged: false };
      this.#entries.set(key, entry);
    }
    return entry;
  }
}
