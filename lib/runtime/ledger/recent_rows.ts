// Two generations of them are kept, about 10 MB.
const GENERATION = 16_384;

/** The rows that were used lately, so that they need not be read from the file again. */
export class RecentRows<Row> {
  #newer = new Map<string, Row>();
  #older = new Map<string, Row>();

  /** Returns a row that was used lately. */
  get(key: string): Row | undefined {
    return this.#newer.get(key) ?? this.#older.get(key);
  }

  /** Keeps a row as it is in the file. */
  set(key: string, row: Row): void {
    this.#newer.set(key, row);
    if (this.#newer.size < GENERATION) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }

  /** Forgets a row. */
  delete(key: string): void {
    this.#newer.delete(key);
    this.#older.delete(key);
  }
}
