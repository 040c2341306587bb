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
  /** By the first name and the second; a row with one name has an empty second one. */
  readonly #rows = new Map<string, Map<string, UsageRow>>();
  #size = 0;

  /** @param most how many rows there may be; names that come anew beyond it are counted under one more row */
  constructor(most: number) {
    this.#most = most;
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
   * @param names of the row
   * @param usage what is added
   */
  add(names: readonly string[], usage: Readonly<Usage>): void {
    addUsage(this.#find(names) ?? this.#begin(names), usage);
  }

  #find(names: readonly string[]): UsageRow | undefined {
    return this.#rows.get(names[0]!)?.get(names[1] ?? "");
  }

  #begin(names: readonly string[]): UsageRow {
    if (!this.isFull) return this.#append(names);
    const others = names.map(() => OTHERS);
    return this.#find(others) ?? this.#append(others);
  }

  #append(names: readonly string[]): UsageRow {
    const row = Object.assign(noUsage(), { names });
    const found = this.#rows.get(names[0]!);
    if (found) found.set(names[1] ?? "", row);
    else this.#rows.set(names[0]!, new Map([[names[1] ?? "", row]]));
    this.#size++;
    return row;
  }
}
