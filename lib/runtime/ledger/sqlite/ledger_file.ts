import { Database } from "bun:sqlite";
import { accessSync, closeSync, constants, openSync, statSync } from "node:fs";
import { type FileRecord, type FileState, mayHaveForgotten } from "./birth.ts";
import { errorCode, LedgerFileError, reasonOf } from "./ledger_file_error.ts";

/** Options of {@link openLedgerFile}. */
export interface LedgerFileOptions {
  /** The ledger's clock, in milliseconds since the epoch. */
  now: () => number;
  /** The id of the machine's boot; `undefined` where there is none. */
  boot: string | undefined;
}

/** An open file of a ledger. No other process can open it meanwhile. */
export interface LedgerFile {
  database: Database;
  /** When the ledger was born, in milliseconds since the epoch. */
  born: number;
  /** Writes everything to the disk, as a later power cut may require. */
  checkpoint: () => void;
  /** Records that the file is complete, and closes it. */
  close: () => void;
}

// The SQLite header of a ledger: "SWLG", and the version of its tables.
const APPLICATION = 0x53574c47;
const VERSION = 2;

const TABLES = `
  CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE scope(number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, state TEXT NOT NULL, expires INTEGER NOT NULL);
  CREATE TABLE past(number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, state TEXT NOT NULL, expires INTEGER NOT NULL);
  CREATE TABLE open(number INTEGER PRIMARY KEY, id TEXT NOT NULL, app TEXT NOT NULL, owner TEXT NOT NULL, amounts TEXT NOT NULL);
  PRAGMA application_id = ${APPLICATION};
  PRAGMA user_version = ${VERSION};
`;

/**
 * Opens the file of a ledger, or creates it with access for this user alone, and locks it.
 *
 * @param path of the file
 * @param options the clock and the boot
 * @throws LedgerFileError
 */
export function openLedgerFile(path: string, options: LedgerFileOptions): LedgerFile {
  let database: Database | undefined;
  try {
    createPrivately(path);
    const state = { ...stateOf(path), boot: options.boot };
    database = new Database(path, { readwrite: true, create: false, strict: true });
    return prepare(database, path, { state, now: options.now });
  } catch (error) {
    database?.close();
    if (error instanceof LedgerFileError) throw error;
    throw new LedgerFileError(path, reasonOf(error), error);
  }
}

function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
  // SQLite would open a file that it cannot write all the same.
  accessSync(path, constants.W_OK);
}

function stateOf(path: string): Omit<FileState, "boot"> {
  const { ino, ctimeMs } = statSync(path);
  return { inode: ino, changedAt: ctimeMs };
}

function prepare(
  database: Database,
  path: string,
  { state, now }: { state: FileState; now: () => number },
): LedgerFile {
  // In this order: the lock is taken with the first access, and held until the file is closed.
  database.run("PRAGMA locking_mode = EXCLUSIVE");
  database.run("PRAGMA journal_mode = WAL");
  // Until it is on the disk that the file is in use, nothing may be reserved.
  database.run("PRAGMA synchronous = FULL");
  createTables(database, path);
  const record = readRecord(database);
  if (record && !record.isClean) assertSound(database, path);
  const isNew = !record || mayHaveForgotten(record, state);
  const born = isNew ? Math.max(now(), record?.born ?? 0) : record.born;
  const used: FileRecord = {
    born,
    isClean: false,
    inode: state.inode,
    touchedAt: Date.now(),
    ...(state.boot !== undefined && { boot: state.boot }),
  };
  writeRecord(database, used);
  database.run("PRAGMA synchronous = NORMAL");
  database.run("PRAGMA wal_autocheckpoint = 4000");
  return {
    database,
    born,
    checkpoint() {
      writeRecord(database, { ...used, touchedAt: Date.now() });
      database.run("PRAGMA wal_checkpoint(PASSIVE)");
    },
    close: () => closeCleanly(database, used),
  };
}

function createTables(database: Database, path: string): void {
  const { user_version } = database.query("PRAGMA user_version").get() as { user_version: number };
  const { application_id } = database.query("PRAGMA application_id").get() as {
    application_id: number;
  };
  if (application_id === APPLICATION && user_version === VERSION) return;
  const { count } = database.query("SELECT count(*) AS count FROM sqlite_schema").get() as {
    count: number;
  };
  if (application_id !== 0 || user_version !== 0 || count > 0) {
    throw new LedgerFileError(path, "foreign");
  }
  database.run(`BEGIN IMMEDIATE; ${TABLES} COMMIT`);
}

function assertSound(database: Database, path: string): void {
  const { quick_check } = database.query("PRAGMA quick_check(1)").get() as { quick_check: string };
  if (quick_check !== "ok") throw new LedgerFileError(path, "corrupt");
}

function readRecord(database: Database): FileRecord | undefined {
  const row = database.query("SELECT value FROM meta WHERE key = 'file'").get() as {
    value: string;
  } | null;
  return row ? (JSON.parse(row.value) as FileRecord) : undefined;
}

function writeRecord(database: Database, record: FileRecord): void {
  database.run("INSERT OR REPLACE INTO meta(key, value) VALUES ('file', ?)", [
    JSON.stringify(record),
  ]);
}

function closeCleanly(database: Database, used: FileRecord): void {
  try {
    database.run("PRAGMA synchronous = FULL");
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    writeRecord(database, { ...used, isClean: true, touchedAt: Date.now() });
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    database.close();
  }
}
