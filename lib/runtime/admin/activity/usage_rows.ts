import { addUsage, noUsage, type Usage } from "./usage.ts";

/** A row of a table of usage: its names, such as the app and the subject. */
export interface UsageRow extends Usage {
  names: readonly string[];
}

/** The name of the row that has what is beyond the bound of a table. */
export const OTHERS = "(others)";

/** Usage by one or two names, of a bounded number of rows. */
export class UsageRows {
  readonly #most: number;
  /** By the first name and the second, which some rows lack. */
  readonly #rows = new Map<string, Map<string | undefined, UsageRow>>();
  #size = 0;

  /** @param most how many rows there may be; names that come anew beyond it are counted under one more row */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there is no row. */
  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Whether new names are counted under one row. */
  get isFull(): boolean {
    return this.#size >= this.#most;
  }

  /** The rows. Of the same first name, those that came first before others. */
  get all(): UsageRow[] {
    return [...this.#rows.values()].flatMap((rows) => [...rows.values()]);
  }

  /**
   * Adds usage to the row of these names.
   *
   * @param names of the row: one or two
   * @param usage what is added
   */
  add([first, second]: readonly string[], usage: Readonly<Usage>): void {
    addUsage(this.row(first!, second), usage);
  }

  /**
   * Returns the row of these names, for what is to be added.
   *
   * @param first of the names
   * @param second of the names. Default: the row has one name
   */
  row(first: string, second?: string): UsageRow {
    return this.#rows.get(first)?.get(second) ?? this.#begin(first, second);
  }

  #begin(first: string, second: string | undefined): UsageRow {
    if (!this.isFull) return this.#append(first, second);
    const others = second === undefined ? undefined : OTHERS;
    return this.#rows.get(OTHERS)?.get(others) ?? this.#append(OTHERS, others);
  }

  #append(first: string, second: string | undefined): UsageRow {
    const names = second === undefined ? [first] : [first, second];
    const row = { names, ...noUsage() };
    const found = this.#rows.get(first);
    if (found) found.set(second, row);
    else this.#rows.set(first, new Map([[second, row]]));
    this.#size++;
    return row;
  }
}
