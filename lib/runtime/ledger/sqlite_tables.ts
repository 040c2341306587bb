import type { Database } from "bun:sqlite";
import type { PastRow, ScopeRow } from "../../gateway/ledger/algorithm/rows.ts";
import { Owners } from "../../gateway/ledger/memory/owners.ts";
import { scopeExpiry, type Tables } from "../../gateway/ledger/memory/table_rows.ts";
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
import { TurnTable } from "./turn_table.ts";

/** The tables of a ledger in a file of SQLite. Changes are kept until they are written in one transaction. */
export class SqliteTables implements Tables {
  readonly born: number;
  readonly scopes: TurnTable<ScopeRow>;
  readonly past: TurnTable<PastRow>;
  readonly owners: TurnReservations;
  readonly #database: Database;

  /**
   * @param database an open file
   * @param born when the ledger was born
   */
  constructor(database: Database, born: number) {
    this.born = born;
    this.#database = database;
    this.scopes = new TurnTable(
      new RowFile<ScopeRow>(database, {
        table: "scope",
        text: scopeText,
        parse: parseScope,
        expiryOf: scopeExpiry,
      }),
    );
    this.past = new TurnTable(
      new RowFile<PastRow>(database, {
        table: "past",
        text: pastText,
        parse: parsePast,
        expiryOf: ({ until }) => until,
      }),
    );
    this.owners = new TurnReservations(new Owners(), openReservations(database));
  }

  /**
   * Loads the reservations that the file was left with. All of their owners have ended.
   *
   * @returns the owners of each app
   */
  loadOpen(): { app: string; owner: string }[] {
    const rows = this.#database
      .query<{ id: string; app: string; owner: string; amounts: string }, []>("SELECT * FROM open")
      .all();
    const owners = new Map<string, { app: string; owner: string }>();
    for (const { id, app, owner, amounts } of rows) {
      this.owners.setOpen(app, owner, id, parseAmounts(amounts));
      this.owners.setLease(app, owner, 0);
      owners.set(`${app}\n${owner}`, { app, owner });
    }
    this.owners.keep();
    return [...owners.values()];
  }

  /**
   * Writes the changes of a turn in one transaction. When it throws, nothing was written, and the turn is undone.
   *
   * @param now milliseconds since the epoch
   */
  commit(now: number): void {
    const { scopes, past, owners } = this;
    if (scopes.hasChanged || past.hasChanged || owners.hasChanged) this.#write(now);
    scopes.keep();
    past.keep();
    owners.keep();
  }

  /** Undoes the changes of a turn. */
  undo(): void {
    if (this.#database.inTransaction) this.#database.query("ROLLBACK").run();
    this.owners.undo();
    this.scopes.drop();
    this.past.drop();
  }

  #write(now: number): void {
    try {
      this.#database.query("BEGIN IMMEDIATE").run();
      this.scopes.write(now);
      this.past.write(now);
      this.owners.write();
      this.#database.query("COMMIT").run();
    } catch (error) {
      this.undo();
      throw error;
    }
  }
}

function openReservations(database: Database): ReservationFile {
  const upsert = database.query(
    "INSERT OR REPLACE INTO open(id, app, owner, amounts) VALUES (?, ?, ?, ?)",
  );
  const remove = database.query("DELETE FROM open WHERE id = ?");
  return {
    write: ({ id, app, owner, row }) => void upsert.run(id, app, owner, amountsText(row)),
    remove: (id) => void remove.run(id),
  };
}
