import { createSteadyTime } from "../../time/steady_time.ts";
import { apply } from "../algorithm/apply.ts";
import type { PastRow } from "../algorithm/rows.ts";
import { type Calendar, utcCalendar } from "../forms/period.ts";
import type { LedgerStore, Operation, ResultOf } from "../store.ts";
import { Owners } from "./owners.ts";
import { PackedScopes } from "./packed_scopes.ts";
import { MemoryReceipts } from "./memory_receipts.ts";
import { SpreadMap } from "./spread_map.ts";
import { TableRows, type Tables } from "./table_rows.ts";

/** Options of {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /** Returns the current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** A monotonic clock in milliseconds, so that no receipt is dropped when the other one jumps. Default: there is none. */
  ticks?: (() => number) | undefined;
  /** Default: days and months in UTC. */
  calendar?: Calendar;
}

/**
 * A store in the memory of this process. It executes operations at once, and its birth is its creation: a
 * restart forgets everything, so credentials from before it are refused.
 */
export class MemoryStore implements LedgerStore {
  readonly #now: () => number;
  readonly #calendar: Calendar;
  readonly #steadyTime: ((now: number) => number) | undefined;
  readonly #scopes = new PackedScopes();
  readonly #tables: Tables;

  /** @param options the clocks and the calendar */
  constructor({ now = Date.now, ticks, calendar = utcCalendar }: MemoryStoreOptions = {}) {
    this.#now = now;
    this.#steadyTime = ticks && createSteadyTime(ticks, now());
    this.#calendar = calendar;
    const past = new SpreadMap<PastRow>(({ until }) => until);
    const receipts = new MemoryReceipts();
    this.#tables = { born: now(), scopes: this.#scopes, past, owners: new Owners(), receipts };
  }

  /** The number of scopes that it holds, expired ones included. */
  get size(): number {
    return this.#scopes.size;
  }

  run<Of extends Operation>(operation: Of): ResultOf<Of> {
    const now = this.#now();
    const rows = new TableRows(this.#tables, operation.app, now);
    return apply(rows, operation, {
      now,
      endOf: this.#calendar,
      steadyTime: this.#steadyTime,
    });
  }
}
