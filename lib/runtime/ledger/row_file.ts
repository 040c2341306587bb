import type { Database } from "bun:sqlite";

/** How the rows of a table are written as text. */
export interface RowForm<Row> {
  table: "scope" | "past";
  text: (row: Row) => string;
  parse: (text: string) => Row;
  /** When the row may be deleted, in milliseconds since the epoch. */
  expiryOf: (row: Row) => number;
}

// So many rows are checked after half as many were added, and those that have expired are deleted.
const CHECKED_AT_ONCE = 512;

/** The rows of one table in the file. */
export class RowFile<Row> {
  readonly expiryOf: (row: Row) => number;
  readonly #form: RowForm<Row>;
  readonly #statements: ReturnType<typeof prepare>;
  #count: number;
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
    this.#count = this.#statements.count.get()!.count;
  }

  /** Reads a row, also one that has expired. */
  read(key: string): Row | undefined {
    const found = this.#count > 0 ? this.#statements.select.get(key) : null;
    return found ? this.#form.parse(found.state) : undefined;
  }

  /** Writes a row. `isNew`: the table does not have it. */
  write(key: string, row: Row, isNew: boolean): void {
    this.#statements.upsert.run(key, this.#form.text(row), this.expiryOf(row));
    if (!isNew) return;
    this.#count++;
    this.#added++;
  }

  /** Deletes a row. */
  remove(key: string): void {
    this.#count -= this.#statements.remove.run(key).changes;
  }

  /**
   * Deletes expired rows, about as fast as rows are added.
   *
   * @param now milliseconds since the epoch
   */
  clean(now: number): void {
    if (this.#added < CHECKED_AT_ONCE / 2) return;
    this.#added = 0;
    const { last } = this.#statements.chunk.get(this.#cursor, CHECKED_AT_ONCE)!;
    if (last !== null) {
      this.#count -= this.#statements.clean.run(this.#cursor, last, now).changes;
    }
    this.#cursor = last ?? "";
  }
}

function prepare(database: Database, table: string) {
  return {
    count: database.query<{ count: number }, []>(`SELECT count(*) AS count FROM ${table}`),
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
