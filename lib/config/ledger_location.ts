/** The ledger that is in the memory of the process. */
export const MEMORY_LEDGER = "memory";

const SQLITE = /^sqlite:(.*\S.*)$/s;

/**
 * Returns the path of the file in which a ledger is.
 *
 * @param location the value of the setting `ledger`
 * @returns `undefined` when it is in no file
 */
export function ledgerFile(location: string): string | undefined {
  return SQLITE.exec(location)?.[1];
}

/**
 * Finds what is wrong with the location of a ledger.
 *
 * @param location the value of the setting `ledger`
 * @returns what follows its name in a sentence; `undefined` when it is right
 */
export function ledgerMistake(location: string): string | undefined {
  if (location === MEMORY_LEDGER || ledgerFile(location) !== undefined) return undefined;
  if (/^rediss?[+:]/i.test(location)) {
    return "is a Redis, which this version does not support yet: use memory or sqlite: and a path";
  }
  return "must be memory, or sqlite: and the path of a file, such as sqlite:/var/lib/signway/ledger.db";
}
