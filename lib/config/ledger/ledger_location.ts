import { isRedisLocation, parseRedisLocation, type RedisLocation } from "./redis_location.ts";

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
 * Returns where the servers of a ledger are.
 *
 * @param location the value of the setting `ledger`, without mistakes
 * @returns `undefined` when it is in no server
 */
export function ledgerServers(location: string): RedisLocation | undefined {
  if (!isRedisLocation(location)) return undefined;
  const parsed = parseRedisLocation(location);
  return "mistake" in parsed ? undefined : parsed;
}

/**
 * Finds what is wrong with the location of a ledger.
 *
 * @param location the value of the setting `ledger`
 * @returns what follows its name in a sentence; `undefined` when it is right
 */
export function ledgerMistake(location: string): string | undefined {
  if (location === MEMORY_LEDGER || ledgerFile(location) !== undefined) return undefined;
  if (isRedisLocation(location)) {
    const parsed = parseRedisLocation(location);
    return "mistake" in parsed ? parsed.mistake : undefined;
  }
  return "must be memory, sqlite: and the path of a file, or redis:// and the address of a server";
}
