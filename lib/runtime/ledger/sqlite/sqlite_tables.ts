import type { Database } from "bun:sqlite";
import type { PastRow, ScopeRow } from "../../../gateway/ledger/algorithm/rows.ts";
import { Owners } from "../../../gateway/ledger/memory/owners.ts";
import { scopeExpiry, type Tables } from "../../../gateway/ledger/memory/table_rows.ts";
import { receiptFile } from "./receipt_file.ts";
import { RowFile } from "./row_file.ts";
import {
  amountsText,
  parseAmounts,
  parsePast,
  parseScope,
  pastText,
  scopeText,
} from "./row_text.ts";
import { type ReservationFile, TurnReservations } from "./turn_reservations.ts";
import { TurnReceipts } from "./turn_receipts.ts";
import { TurnScopes } from "./turn_scopes.ts";
import { TurnTable } from "./turn_table.ts";

/** The tables of a ledger in a file of SQLite. Changes are kept until they are written in one transaction. */
export class SqliteTables implements Tables {
  readonly born: number;
  readonly scopes: TurnScopes;
  readonly past: TurnTable<PastRow>;
  readonly owners: TurnReservations;
  readonly receipts: TurnReceipts;
  readonly #database: Database;
  readonly #scopeRows: TurnTable<ScopeRow>;
  readonly #transaction: ReturnType<typeof transaction>;

  /**
   * @param database an open file
   * @param born when the ledger was born
   * @param now milliseconds since the epoch
   */
  constructor(database: Database, born: number, now: number) {
    this.born = born;
    this.#database = database;
    this.#transaction = transaction(database);
    this.#scopeRows = new TurnTable(
      new RowFile<ScopeRow>(database, {
        table: "scope",
        text: scopeText,
        parse: parseScope,
        expiryOf: scopeExpiry,
      }),
    );
    this.scopes = new TurnScopes(this.#scopeRows);
    this.past = new TurnTable(
      new RowFile<PastRow>(database, {
        table: "past",
        text: pastText,
        parse: parsePast,
        expiryOf: ({ until }) => until,
      }),
    );
    this.owners = new TurnReservations(new Owners(), openReservations(database));
    this.receipts = new TurnReceipts(receiptFile(database, now));
  }

  /**
   * Loads the reservations that the file was left with. All of their owners have ended.
   *
   * @returns the owners of each app
   */
  loadOpen(): { app: string; owner: string }[] {
    const rows = this.#database
      .query<Record<"id" | "app" | "owner" | "amounts", string> & { number: number }, []>(
        "SELECT * FROM open",
      )
      .all();
    const owners = new Map<string, { app: string; owner: string }>();
    for (const { number, id, app, owner, amounts } of rows) {
      this.owners.load(number, { id, app, owner, row: parseAmounts(amounts) });
      owners.set(`${app}\n${owner}`, { app, owner });
    }
    return [...owners.values()];
  }

  /**
   * Writes the changes of a turn in one transaction. When it throws, nothing was written, and the turn is undone.
   *
   * @param now milliseconds since the epoch
   */
  commit(now: number): void {
    const { past, owners, receipts } = this;
    const tables = [this.#scopeRows, past, owners, receipts];
    if (tables.some(({ hasChanged }) => hasChanged)) this.#write(now);
    for (const table of tables) table.keep();
  }

  /** Undoes the changes of a turn. */
  undo(): void {
    if (this.#database.inTransaction) this.#transaction.rollback.run();
    this.owners.undo();
    this.#scopeRows.drop();
    this.past.drop();
    this.receipts.undo();
  }

  #write(now: number): void {
    try {
      this.#transaction.begin.run();
      this.#scopeRows.write(now);
      this.past.write(now);
      this.owners.write();
      this.receipts.write();
      this.#transaction.commit.run();
    } catch (error) {
      this.undo();
      throw error;
    }
  }
}

function transaction(database: Database) {
  return {
    begin: database.query("BEGIN IMMEDIATE"),
    commit: database.query("COMMIT"),
    rollback: database.query("ROLLBACK"),
  };
}

function openReservations(database: Database): ReservationFile {
  const insert = database.query(
    "INSERT INTO open(number, id, app, owner, amounts) VALUES (?, ?, ?, ?, ?)",
  );
  const update = database.query("UPDATE open SET amounts = ? WHERE number = ?");
  const remove = database.query("DELETE FROM open WHERE number = ?");
  return {
    add: (number, { id, app, owner, row }) =>
      void insert.run(number, id, app, owner, amountsText(row)),
    change: (number, row) => void update.run(amountsText(row), number),
    remove: (number) => void remove.run(number),
  };
}
