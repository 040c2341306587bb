/** A key of the file as a name in TypeScript: `max_expires` is `maxExpires`. */
export type CamelCase<Key> = Key extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Key;

/** A table with its keys in camelCase; optional keys are absent rather than undefined. */
export type CamelCased<Table> = {
  [Key in keyof Table as CamelCase<Key>]: Exclude<Table[Key], undefined>;
};

/**
 * Turns a key of the file into a name in TypeScript.
 *
 * @param key in snake_case
 * @returns the same in camelCase
 */
export function camelCase(key: string): string {
  return key.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * Copies a table of the file under names in camelCase.
 *
 * @param table with keys in snake_case
 * @returns the values that are not undefined, so that a default can take the place of the others
 */
export function camelCased<Table extends object>(table: Table): CamelCased<Table> {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [camelCase(key), value]),
  ) as CamelCased<Table>;
}
