// Two generations of them are kept, about 10 MB.
const GENERATION = 16_384;

/** The rows that were used lately, so that they need not be read from the file again. */
export class RecentRows<Row> {
  #newer = new Map<string, Row>();
  #older = new Map<string, Row>();

  /** Returns a row that was used lately. */
  get(key: string): Row | undefined {
    const row = this.#newer.get(key);
    if (row !== undefined || this.#older.size === 0) return row;
    const older = this.#older.get(key);
    if (older !== undefined) this.#newer.set(key, older);
    return older;
  }

  /** Keeps a row, at least until the second call of {@link age} from now. */
  set(key: string, row: Row): void {
    this.#newer.set(key, row);
  }

  /** Forgets the rows that were not used for long, if there are many. */
  age(): void {
    if (this.#newer.size < GENERATION) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
