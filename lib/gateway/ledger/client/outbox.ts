import type { Closed, LedgerStore, ReleaseOperation, SettleOperation } from "../store.ts";
import { onceAnswered, type Timers } from "./clock.ts";

/** An operation that ends a reservation. */
export type Ending = SettleOperation | ReleaseOperation;

const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;

/** Sends operations that end reservations, and sends them again until the store has confirmed them. */
export class Outbox {
  readonly #store: LedgerStore;
  readonly #timers: Timers;
  readonly #onClosed: (ending: Ending, closed: Closed) => void;
  #unconfirmed = 0;
  #onEmpty: (() => void)[] = [];

  /**
   * @param store executes the operations
   * @param timers run the pauses between tries
   * @param onClosed called once for each operation that was confirmed
   */
  constructor(
    store: LedgerStore,
    timers: Timers,
    onClosed: (ending: Ending, closed: Closed) => void,
  ) {
    this.#store = store;
    this.#timers = timers;
    this.#onClosed = onClosed;
  }

  /** Sends an operation. It must be possible to execute it more than once. */
  send(ending: Ending): void {
    const closed = this.#run(ending);
    if (!(closed instanceof Promise)) return this.#onClosed(ending, closed);
    this.#unconfirmed++;
    this.#confirm(ending, closed, FIRST_PAUSE_MS);
  }

  /** Resolves once all operations are confirmed. */
  empty(): Promise<void> {
    if (this.#unconfirmed === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#onEmpty.push(resolve));
  }

  #run(ending: Ending): Closed | Promise<Closed> {
    return ending.kind === "settle" ? this.#store.run(ending) : this.#store.run(ending);
  }

  #confirm(ending: Ending, closed: Promise<Closed>, pause: number): void {
    onceAnswered(closed, this.#timers, {
      onAnswer: (result) => this.#confirmed(ending, result),
      onFailure: () => {
        const next = Math.min(pause * 2, LAST_PAUSE_MS);
        this.#timers.start(() => this.#confirm(ending, this.#again(ending), next), pause);
      },
    });
  }

  #confirmed(ending: Ending, closed: Closed): void {
    this.#onClosed(ending, closed);
    if (--this.#unconfirmed > 0) return;
    for (const callback of this.#onEmpty.splice(0)) callback();
  }

  async #again(ending: Ending): Promise<Closed> {
    return await this.#run(ending);
  }
}
