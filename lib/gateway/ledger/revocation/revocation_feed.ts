import type { Timer } from "../../time/timer_wheel.ts";
import { type Timers, withinTime } from "../client/clock.ts";
import { LedgerError } from "../ledger_error.ts";
import type { Revocation, RevokedCredentials } from "./revocation.ts";
import type { RevocationCopy } from "./revocation_copy.ts";
import { MOST_CHANGES, type RevocationStore } from "./revocation_store.ts";

/** The parts of {@link RevocationFeed}. */
export interface RevocationFeedParts {
  store: RevocationStore;
  copy: RevocationCopy;
  timers: Timers;
  /** The name of this process. Absent: it serves no requests. */
  process?: string | undefined;
  /** Called after the copy has changed. */
  onChange: () => void;
}

/** How many of the processes that reach the store know a revocation. */
export interface Reach {
  known: number;
  reached: number;
}

/** A revocation that was made or lifted. */
export interface Changed {
  processes: Reach;
  /** Whether the credentials were revoked before. */
  wasInForce: boolean;
}

/** How often the store is asked for changes, in milliseconds. */
export const POLL_MS = 500;

/** A copy is stale when the store has not answered for so long, in milliseconds. */
export const STALE_MS = 5_000;

// Others ask every half second, so that they know it by then unless they do not reach the store.
const REACH_MS = 1_200;

/** Keeps the copy of this process up to date, and gives back to a store what it has lost. */
export class RevocationFeed {
  readonly #parts: RevocationFeedParts;
  #epoch = "";
  #since = 0;
  #processes: readonly number[] = [];
  #answeredAt = -Infinity;
  #last: Promise<unknown> = Promise.resolve();
  #timer: Timer | undefined;
  #isStopped = false;

  /** @param parts the store, the copy and the clock */
  constructor(parts: RevocationFeedParts) {
    this.#parts = parts;
  }

  /** Whether the store has not answered for 5 seconds, so that a revocation may be unknown here. */
  get isStale(): boolean {
    return this.#parts.timers.now() - this.#answeredAt > STALE_MS;
  }

  /**
   * Begins to ask the store.
   *
   * @returns a promise that resolves after the first answer, or when none has come in time
   */
  async start(): Promise<void> {
    await this.#sync([]).catch(() => {});
    this.#pollLater();
  }

  /** Ends it. */
  stop(): void {
    this.#isStopped = true;
    this.#parts.timers.stop(this.#timer);
  }

  /**
   * Makes or lifts a revocation.
   *
   * @param revoked the credentials
   * @param change how long it is kept, and whether it is lifted
   * @returns what was in force before, and how many of the processes that reach the store know it, a second later at most
   * @throws LedgerError `ledger_unavailable`, as a rejection: it may have been stored all the same
   */
  async change(
    revoked: RevokedCredentials,
    change: Pick<Revocation, "until" | "isLifted">,
  ): Promise<Changed> {
    try {
      const wasInForce = await this.#inTurn(async () => {
        await this.#exchange([]);
        const isInForce = this.#parts.copy.isInForce(revoked);
        await this.#exchange([{ ...revoked, ...change, at: 0 }]);
        return isInForce;
      });
      return { wasInForce, processes: await this.#reachOf(this.#since) };
    } catch {
      throw new LedgerError("ledger_unavailable");
    }
  }

  async #reachOf(sequence: number): Promise<Reach> {
    const { timers } = this.#parts;
    const epoch = this.#epoch;
    const end = timers.now() + REACH_MS;
    for (;;) {
      await this.#sync([]);
      const known = this.#processes.length;
      // In another epoch the numbers are others.
      const reached =
        this.#epoch === epoch ? this.#processes.filter((knows) => knows >= sequence).length : 0;
      if (reached === known || timers.now() >= end) return { known, reached };
      await new Promise<void>((resolve) => void timers.start(resolve, POLL_MS / 5));
    }
  }

  #pollLater(): void {
    if (this.#isStopped) return;
    const poll = () => void this.#sync([]).then(again, again);
    const again = () => this.#pollLater();
    this.#timer = this.#parts.timers.start(poll, POLL_MS);
  }

  #sync(put: readonly Revocation[]): Promise<void> {
    return this.#inTurn(() => this.#exchange(put));
  }

  /** One after the other: each builds on the numbers of the one before. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const run = this.#last.then(work);
    this.#last = run.catch(() => {});
    return run;
  }

  async #exchange(put: readonly Revocation[]): Promise<void> {
    const { copy } = this.#parts;
    let isBehind = await this.#ask(put);
    while (isBehind) isBehind = await this.#ask([]);
    for (;;) {
      const missing = copy.missingIn(this.#epoch, MOST_CHANGES);
      if (missing.length === 0) return;
      await this.#ask(missing);
      copy.apply(missing, this.#epoch);
    }
  }

  /** Returns whether there were changes: then there may be more, and the store does not know yet that these arrived. */
  async #ask(put: readonly Revocation[]): Promise<boolean> {
    const { store, copy, timers, process, onChange } = this.#parts;
    const request = { epoch: this.#epoch, since: this.#since, put };
    const asked = async () => store.sync(process === undefined ? request : { ...request, process });
    const { epoch, sequence, changes, hasMore, processes } = await withinTime(asked(), timers);
    this.#epoch = epoch;
    this.#since = sequence;
    this.#processes = processes;
    this.#answeredAt = timers.now();
    if (changes.length === 0) return hasMore;
    copy.apply(changes, epoch);
    onChange();
    return true;
  }
}
