import type { ScopeRow } from "../../../gateway/ledger/algorithm/rows.ts";
import type { Scope } from "../../../gateway/ledger/forms/scope.ts";
import type { ScopeTable } from "../../../gateway/ledger/memory/table_rows.ts";
import type { TurnTable } from "./turn_table.ts";

/** The counters of all scopes as one turn of the event loop sees them. */
export class TurnScopes implements ScopeTable {
  readonly #table: TurnTable<ScopeRow>;
  // The scope that was asked for last. It is asked for again when it is set.
  #app = "";
  #scope = "";
  #key = "";

  /** @param table by keys that have the app and the scope */
  constructor(table: TurnTable<ScopeRow>) {
    this.#table = table;
  }

  get(app: string, scope: Scope, now: number): ScopeRow | undefined {
    return this.#table.get(this.#keyOf(app, scope), now);
  }

  set(app: string, scope: Scope, row: ScopeRow, now: number): void {
    this.#table.set(this.#keyOf(app, scope), row, now);
  }

  delete(app: string, scope: Scope): void {
    this.#table.delete(this.#keyOf(app, scope));
  }

  /** A scope has no line break, so the keys of different apps and scopes differ. */
  #keyOf(app: string, scope: Scope): string {
    if (scope !== this.#scope || app !== this.#app) {
      this.#app = app;
      this.#scope = scope;
      this.#key = `${app}\n${scope}`;
    }
    return this.#key;
  }
}
