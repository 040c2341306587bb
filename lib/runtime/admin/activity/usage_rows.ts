import { addUsage, noUsage, type Usage } from "./usage.ts";

/** A row of a table of usage: its names, such as the app and the subject. */
export interface UsageRow extends Usage {
  names: readonly string[];
}

/** The name of the row that has what is beyond the bound of a table. */
export const OTHERS = "(others)";

/** Usage by names, of a bounded number of rows. */
export class UsageRows {
  readonly #most: number;
  readonly #rows = new Map<string, UsageRow>();

  /** @param most how many rows there may be; names that come anew beyond it are counted under one more row */
  constructor(most: number) {
    this.#most = most;
  }

  /** The rows, those that came first before others. */
  get all(): UsageRow[] {
    return [...this.#rows.values()];
  }

  /**
   * Adds usage to the row of these names.
   *
   * @param names of the row
   * @param usage what is added
   */
  add(names: readonly string[], usage: Readonly<Usage>): void {
    addUsage(this.#row(names), usage);
  }

  #row(names: readonly string[]): UsageRow {
    const key = keyOf(names);
    const found = this.#rows.get(key);
    if (found) return found;
    if (this.#rows.size < this.#most) return this.#begin(key, names);
    const others = names.map(() => OTHERS);
    const othersKey = keyOf(others);
    return this.#rows.get(othersKey) ?? this.#begin(othersKey, others);
  }

  #begin(key: string, names: readonly string[]): UsageRow {
    const row = { names, ...noUsage() };
    this.#rows.set(key, row);
    return row;
  }
}

/** The names of apps have no line breaks, or else two rows would only be counted as one. */
function keyOf(names: readonly string[]): string {
  return names.length === 1 ? names[0]! : names.join("\n");
}
