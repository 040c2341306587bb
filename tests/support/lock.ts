import { Database, SQLiteError } from "bun:sqlite";
import { mkdir } from "node:fs/promises";
import { ROOT } from "./root.ts";

const FOLDER = `${ROOT}/.cache/locks`;
const PAUSE_MS = 50;

/**
 * Waits until no other process, and nothing else in this one, holds the lock of this name, and takes
 * it. `bun test --parallel` runs test files in several processes that share `.cache/` and `dist/`.
 * The lock is one of SQLite's: when its process ends, however it ends, the lock is free again.
 *
 * @param name of the lock, a file name
 * @returns what frees the lock when it is disposed of
 */
export async function acquireLock(name: string): Promise<Disposable> {
  await mkdir(FOLDER, { recursive: true });
  const database = new Database(`${FOLDER}/${name}`);
  while (!begin(database)) await Bun.sleep(PAUSE_MS);
  return database;
}

function begin(database: Database): boolean {
  try {
    database.run("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if (error instanceof SQLiteError && error.code?.startsWith("SQLITE_BUSY")) return false;
    throw error;
  }
}
