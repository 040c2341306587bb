import type { Database } from "bun:sqlite";

/** How the rows of a table are written as text. */
export interface RowForm<Row> {
  table: "scope" | "past";
  text: (row: Row) => string;
  parse: (text: string) => Row;
  /** When the row may be deleted, in milliseconds since the epoch. */
  expiryOf: (row: Row) => number;
}

/** A row as it is in the file. */
export interface StoredRow<Row> {
  /** Its number, which no other row has had since the file was opened. */
  number: number;
  row: Row;
}

// Expired rows are looked for after so many were added, among twice as many.
const ADDED_BEFORE_CLEANING = 256;

// A table with fewer rows is read to learn when the last of them expires.
const FEW = 1_000;

/** The rows of one table in the file. A row that is known by its number is changed without a search for its key. */
export class RowFile<Row> {
  readonly expiryOf: (row: Row) => number;
  readonly #form: RowForm<Row>;
  readonly #statements: ReturnType<typeof prepare>;
  #latestExpiry: number;
  #lastNumber: number;
  #added = 0;
  // The last number that was checked for expiry.
  #cursor = 0;

  /**
   * @param database an open file
   * @param form of the rows
   */
  constructor(database: Database, form: RowForm<Row>) {
    this.#form = form;
    this.expiryOf = form.expiryOf;
    this.#statements = prepare(database, form.table);
    const { count, latest } = this.#statements.expiry.get(FEW)!;
    this.#latestExpiry = count < FEW ? (latest ?? 0) : Infinity;
    this.#lastNumber = this.#statements.last.get()!.number ?? 0;
  }

  /** Whether the table may have rows that have not expired. Otherwise it need not be asked. */
  hasRows(now: number): boolean {
    return now < this.#latestExpiry;
  }

  /** Reads a row, also one that has expired. */
  read(key: string): StoredRow<Row> | undefined {
    const found = this.#statements.select.get(key);
    return found ? { number: found.number, row: this.#form.parse(found.state) } : undefined;
  }

  /** Adds a row, or replaces the one with this key. Returns its number. */
  add(key: string, row: Row): number {
    const number = ++this.#lastNumber;
    this.#statements.insert.run(number, key, this.#form.text(row), this.#expire(row));
    this.#added++;
    return number;
  }

  /** Changes a row. Returns whether it is there: an expired one may have been deleted. */
  change(number: number, row: Row): boolean {
    const { changes } = this.#statements.update.run(
      this.#form.text(row),
      this.#expire(row),
      number,
    );
    return changes > 0;
  }

  /** Deletes a row. */
  remove(number: number): void {
    this.#statements.remove.run(number);
  }

  /**
   * Deletes expired rows, faster than rows are added.
   *
   * @param now milliseconds since the epoch
   */
  clean(now: number): void {
    if (this.#added < ADDED_BEFORE_CLEANING) return;
    const atOnce = this.#added * 2;
    const { count, last } = this.#statements.chunk.get(this.#cursor, atOnce)!;
    this.#added = 0;
    if (last !== null) this.#statements.clean.run(this.#cursor, last, now);
    // From the oldest rows again, after the newest.
    this.#cursor = count < atOnce ? 0 : last!;
  }

  #expire(row: Row): number {
    const expiry = this.expiryOf(row);
    if (expiry > this.#latestExpiry) this.#latestExpiry = expiry;
    return expiry;
  }
}

function prepare(database: Database, table: string) {
  return {
    expiry: database.query<{ count: number; latest: number | null }, [number]>(
      `SELECT count(*) AS count, max(expires) AS latest FROM (SELECT expires FROM ${table} LIMIT ?)`,
    ),
    last: database.query<{ number: number | null }, []>(
      `SELECT max(number) AS number FROM ${table}`,
    ),
    select: database.query<{ number: number; state: string }, [string]>(
      `SELECT number, state FROM ${table} WHERE key = ?`,
    ),
    // Replaces an expired row with the same key.
    insert: database.query<null, [number, string, string, number]>(
      `INSERT OR REPLACE INTO ${table}(number, key, state, expires) VALUES (?, ?, ?, ?)`,
    ),
    update: database.query<null, [string, number, number]>(
      `UPDATE ${table} SET state = ?, expires = ? WHERE number = ?`,
    ),
    remove: database.query<null, [number]>(`DELETE FROM ${table} WHERE number = ?`),
    chunk: database.query<{ count: number; last: number | null }, [number, number]>(
      `SELECT count(*) AS count, max(number) AS last FROM
        (SELECT number FROM ${table} WHERE number > ? ORDER BY number LIMIT ?)`,
    ),
    clean: database.query<null, [number, number, number]>(
      `DELETE FROM ${table} WHERE number > ? AND number <= ? AND expires < ?`,
    ),
  };
}
