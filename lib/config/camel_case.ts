/** A key of the file in camelCase: `max_expires` becomes `maxExpires`. */
export type CamelCase<Key> = Key extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Key;

/** A table with its keys in camelCase. An optional key is absent, and never `undefined`. */
export type CamelCased<Table> = {
  [Key in keyof Table as CamelCase<Key>]: Exclude<Table[Key], undefined>;
};

/**
 * Converts a key of the file to camelCase.
 *
 * @param key the key, in snake_case
 * @returns the key in camelCase
 */
export function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Copies a table of the file with its keys in camelCase.
 *
 * @param table the table, with keys in snake_case
 * @returns the copy, without values that are `undefined`, so that the copy does not override defaults
 */
export function camelCased<Table extends object>(table: Table): CamelCased<Table> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [camelCase(key), value]),
  ) as CamelCased<Table>;
}
