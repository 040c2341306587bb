import type { Database } from "bun:sqlite";

/** How the rows of a table are written as text. */
export interface RowForm<Row> {
  table: "scope" | "past";
  text: (row: Row) => string;
  parse: (text: string) => Row;
  /** When the row may be deleted, in milliseconds since the epoch. */
  expiryOf: (row: Row) => number;
}

// Expired rows are looked for after so many were added, among twice as many.
const ADDED_BEFORE_CLEANING = 256;

/** The rows of one table in the file. */
export class RowFile<Row> {
  readonly expiryOf: (row: Row) => number;
  readonly #form: RowForm<Row>;
  readonly #statements: ReturnType<typeof prepare>;
  // An empty table need not be asked. It may be empty again later, after changes that were undone too.
  #hasRows: boolean;
  #added = 0;
  // The last key that was checked for expiry.
  #cursor = "";

  /**
   * @param database an open file
   * @param form of the rows
   */
  constructor(database: Database, form: RowForm<Row>) {
    this.#form = form;
    this.expiryOf = form.expiryOf;
    this.#statements = prepare(database, form.table);
    this.#hasRows = this.#statements.first.get() !== null;
  }

  /** Reads a row, also one that has expired. */
  read(key: string): Row | undefined {
    const found = this.#hasRows ? this.#statements.select.get(key) : null;
    return found ? this.#form.parse(found.state) : undefined;
  }

  /** Writes a row. `isNew`: the table does not have it. */
  write(key: string, row: Row, isNew: boolean): void {
    this.#statements.upsert.run(key, this.#form.text(row), this.expiryOf(row));
    this.#hasRows = true;
    if (isNew) this.#added++;
  }

  /** Deletes a row. */
  remove(key: string): void {
    this.#statements.remove.run(key);
  }

  /**
   * Deletes expired rows, faster than rows are added.
   *
   * @param now milliseconds since the epoch
   */
  clean(now: number): void {
    if (this.#added < ADDED_BEFORE_CLEANING) return;
    const { last } = this.#statements.chunk.get(this.#cursor, this.#added * 2)!;
    this.#added = 0;
    if (last !== null) this.#statements.clean.run(this.#cursor, last, now);
    this.#cursor = last ?? "";
  }
}

function prepare(database: Database, table: string) {
  return {
    first: database.query<{ key: string }, []>(`SELECT key FROM ${table} LIMIT 1`),
    select: database.query<{ state: string }, [string]>(`SELECT state FROM ${table} WHERE key = ?`),
    upsert: database.query<null, [string, string, number]>(
      `INSERT INTO ${table}(key, state, expires) VALUES (?, ?, ?)
        ON CONFLICT(key) DO UPDATE SET state = excluded.state, expires = excluded.expires`,
    ),
    remove: database.query<null, [string]>(`DELETE FROM ${table} WHERE key = ?`),
    chunk: database.query<{ last: string | null }, [string, number]>(
      `SELECT max(key) AS last FROM (SELECT key FROM ${table} WHERE key > ? ORDER BY key LIMIT ?)`,
    ),
    clean: database.query<null, [string, string, number]>(
      `DELETE FROM ${table} WHERE key > ? AND key <= ? AND expires < ?`,
    ),
  };
}
