import { apply } from "../../../gateway/ledger/algorithm/apply.ts";
import { TableRows } from "../../../gateway/ledger/memory/table_rows.ts";
import { utcCalendar } from "../../../gateway/ledger/forms/period.ts";
import type { RevocationStore } from "../../../gateway/ledger/revocation/revocation_store.ts";
import type { LedgerStore, Operation, ResultOf } from "../../../gateway/ledger/store.ts";
import { createSteadyTime } from "../../../gateway/time/steady_time.ts";
import { readBootId } from "./boot_id.ts";
import { type LedgerFile, openLedgerFile } from "./ledger_file.ts";
import { errorCode } from "./ledger_file_error.ts";
import { fileRevocations } from "./file_revocations.ts";
import { SqliteTables } from "./sqlite_tables.ts";

/** Options of {@link SqliteStore}. */
export interface SqliteStoreOptions {
  /** Returns the current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** A monotonic clock in milliseconds, so that no receipt is dropped when the other one jumps. Default: there is none. */
  ticks?: () => number;
  /** The id of the machine's boot; `undefined` where there is none. Default: the kernel's. */
  boot?: string | undefined;
  /** Called when the file cannot be read or written, once until it can be again, with the code of the error. */
  onFailure?: (code: string) => void;
}

/** An operation that waits for its transaction. */
interface Waiting {
  operation: Operation;
  resolve: (result: ResultOf<Operation>) => void;
  reject: (error: unknown) => void;
}

// A transaction must not delay other work of the process for long.
const AT_ONCE = 500;

const CHECKPOINT_MS = 5_000;

/**
 * A store in a file of SQLite, which survives restarts and `kill -9`. The operations of one turn of the event loop
 * are one transaction, and answered after its commit. When a transaction fails, none of its operations was executed.
 */
export class SqliteStore implements LedgerStore {
  /** The revocations, in the same file. */
  readonly revocations: RevocationStore;
  readonly #file: LedgerFile;
  readonly #tables: SqliteTables;
  readonly #now: () => number;
  readonly #steadyTime: ((now: number) => number) | undefined;
  readonly #onFailure: (code: string) => void;
  #queue: Waiting[] = [];
  #checkpoint: Timer | undefined;
  #isFailing = false;
  #isClosed = false;

  /**
   * Opens the file, or creates it, and charges what the processes before had reserved.
   *
   * @param path of the file
   * @param options the clocks, the boot and the callback
   * @throws LedgerFileError for a file that another process uses, that is corrupt or cannot be written
   */
  constructor(path: string, options: SqliteStoreOptions = {}) {
    const { now = Date.now, ticks, onFailure = () => {} } = options;
    const boot = "boot" in options ? options.boot : readBootId();
    this.#now = now;
    this.#steadyTime = ticks && createSteadyTime(ticks, now());
    this.#onFailure = onFailure;
    this.#file = openLedgerFile(path, { now, boot });
    this.#tables = new SqliteTables(this.#file.database, this.#file.born, now());
    this.revocations = fileRevocations(this.#file.database, now);
    this.#sweepLeft();
  }

  run<Of extends Operation>(operation: Of): Promise<ResultOf<Of>> {
    if (this.#isClosed) return Promise.reject(new Error("the ledger is closed"));
    return new Promise<ResultOf<Operation>>((resolve, reject) => {
      const size = this.#queue.push({ operation, resolve, reject });
      if (size === 1) setImmediate(() => this.#flush());
    }) as Promise<ResultOf<Of>>;
  }

  /**
   * Executes what waits, records that the file is complete, and closes it.
   *
   * @throws the error of SQLite when that cannot be recorded: the file is closed as after a kill
   */
  close(): void {
    if (this.#isClosed) return;
    while (this.#queue.length > 0) this.#flush();
    this.#isClosed = true;
    clearTimeout(this.#checkpoint);
    this.#file.close();
  }

  #sweepLeft(): void {
    for (const { app, owner } of this.#tables.loadOpen()) {
      for (let hasMore = true; hasMore;) {
        ({ hasMore } = this.#apply({ kind: "sweep", app, owner, isDead: true }));
        this.#tables.commit(this.#now());
      }
    }
  }

  #apply<Of extends Operation>(operation: Of): ResultOf<Of> {
    const now = this.#now();
    const rows = new TableRows(this.#tables, operation.app, now);
    return apply(rows, operation, { now, endOf: utcCalendar, steadyTime: this.#steadyTime });
  }

  #flush(): void {
    const batch = this.#nextBatch();
    if (this.#queue.length > 0) setImmediate(() => this.#flush());
    const results = this.#execute(batch);
    if (results) this.#commit(batch, results);
    // One of them cannot be executed. The others must not fail with it.
    else for (const one of batch) this.#executeAlone(one);
    this.#checkpoint ??= this.#checkpointLater();
  }

  #nextBatch(): Waiting[] {
    if (this.#queue.length > AT_ONCE) return this.#queue.splice(0, AT_ONCE);
    const all = this.#queue;
    this.#queue = [];
    return all;
  }

  #execute(batch: readonly Waiting[]): ResultOf<Operation>[] | undefined {
    try {
      return batch.map(({ operation }) => this.#apply(operation));
    } catch {
      this.#tables.undo();
      return undefined;
    }
  }

  #executeAlone(one: Waiting): void {
    try {
      this.#commit([one], [this.#apply(one.operation)]);
    } catch (error) {
      this.#tables.undo();
      one.reject(error);
      this.#report(error);
    }
  }

  #commit(batch: readonly Waiting[], results: readonly ResultOf<Operation>[]): void {
    try {
      this.#tables.commit(this.#now());
      this.#isFailing = false;
    } catch (error) {
      for (const { reject } of batch) reject(error);
      return this.#report(error);
    }
    for (let index = 0; index < batch.length; index++) batch[index]!.resolve(results[index]!);
  }

  #report(error: unknown): void {
    if (!this.#isFailing) this.#onFailure(errorCode(error) ?? "unknown");
    this.#isFailing = true;
  }

  #checkpointLater(): Timer {
    return setTimeout(() => {
      this.#checkpoint = undefined;
      try {
        this.#file.checkpoint();
      } catch (error) {
        this.#report(error);
      }
    }, CHECKPOINT_MS).unref();
  }
}
