import type { Database } from "bun:sqlite";
import { WAITING_MS, type WaitingReceipt } from "../../../gateway/ledger/receipt.ts";

/** How receipts are kept in the file, those of each app the oldest first. */
export interface ReceiptFile {
  /** Returns how many receipts an app has. */
  count: (app: string) => number;
  /** Returns up to `count` receipts of an app, after so many older ones. */
  read: (app: string, skipped: number, count: number) => WaitingReceipt[];
  /** Adds the newest receipt of an app. */
  add: (app: string, receipt: WaitingReceipt) => void;
  /** Removes so many of the oldest receipts of an app. */
  remove: (app: string, count: number) => void;
}

// Those of apps that are gone are collected by nobody.
const FORGOTTEN_MS = 30 * WAITING_MS;

const TABLE = `
  CREATE TABLE IF NOT EXISTS receipt(number INTEGER PRIMARY KEY, app TEXT NOT NULL, state TEXT NOT NULL);
  CREATE INDEX IF NOT EXISTS receipt_app ON receipt(app, number);
`;

/**
 * Receipts in the file of a ledger. A change has to be in a transaction. Very old ones are removed here.
 *
 * @param database the open file
 * @param now milliseconds since the epoch
 */
export function receiptFile(database: Database, now: number): ReceiptFile {
  database.run(TABLE);
  database.run("DELETE FROM receipt WHERE json_extract(state, '$.at') <= ?", [now - FORGOTTEN_MS]);
  const count = database.query<{ count: number }, [string]>(
    "SELECT count(*) AS count FROM receipt WHERE app = ?",
  );
  const select = database.query<{ state: string }, [string, number, number]>(
    "SELECT state FROM receipt WHERE app = ? ORDER BY number LIMIT ? OFFSET ?",
  );
  const insert = database.query<null, [string, string]>(
    "INSERT INTO receipt(app, state) VALUES (?, ?)",
  );
  const remove = database.query<null, [string, number]>(
    "DELETE FROM receipt WHERE number IN (SELECT number FROM receipt WHERE app = ? ORDER BY number LIMIT ?)",
  );
  return {
    count: (app) => count.get(app)!.count,
    read: (app, skipped, most) =>
      select.all(app, most, skipped).map(({ state }) => JSON.parse(state) as WaitingReceipt),
    add: (app, receipt) => void insert.run(app, JSON.stringify(receipt)),
    remove: (app, most) => void remove.run(app, most),
  };
}
