/** A table of a file that has not been checked. */
export type Table = Readonly<Record<string, unknown>>;

/**
 * Whether a value of a file is a table.
 *
 * @param value as it was parsed
 */
export function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns the tables of a list.
 *
 * @param list as it was parsed
 * @returns an empty table for each item that is none; nothing when the value is no list
 */
export function tablesIn(list: unknown): Table[] {
  return Array.isArray(list) ? list.map((item) => (isTable(item) ? item : {})) : [];
}
