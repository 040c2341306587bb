import { withinTime, type Timers } from "../../gateway/ledger/client/clock.ts";
import { COLLECTED_AT_ONCE, type ReceiptKey } from "../../gateway/ledger/receipt.ts";
import type { Collected, LedgerStore } from "../../gateway/ledger/store.ts";
import type { Receipts } from "../../gateway/model/receipts.ts";
import type { PostReceipts } from "./post_receipts.ts";

/** The events of receipts. */
export interface ReceiptEvents {
  /** So many receipts of an app wait, and so many were dropped. */
  onCollected: (app: string, collected: Pick<Collected, "waiting" | "dropped">) => void;
  /** The backend of an app did not take receipts, for this reason. */
  onFailure: (app: string, reason: string) => void;
  /** An app has no receipts any more. */
  onRemoved: (app: string) => void;
}

/** The objects that the senders of a process share. */
export interface SenderParts {
  store: LedgerStore;
  timers: Timers;
  /** The name of this process; no other process ever has it. */
  name: string;
  /** Returns where the receipts of an app go now; `undefined`: nowhere. */
  receiptsOf: (app: string) => Receipts | undefined;
  post: PostReceipts;
  events: ReceiptEvents;
}

/** How fast a backend is: `new` until its first message has ended, `slow` when the last one has failed or took long. */
export type Pace = "new" | "fast" | "slow";

/** The longest time of a message to a backend that is fast, in milliseconds. */
export const SLOW_MS = 1_000;

// Many backends may be tried at the same time, and none of them may answer.
const FIRST_RECEIPTS = 10;

const FIRST_PAUSE_MS = 1_000;
const LAST_PAUSE_MS = 300_000;

/** Sends the receipts of one app: a few, then up to 100 at once, and always the next ones when those were taken. */
export class AppSender {
  readonly #app: string;
  readonly #parts: SenderParts;
  /** The receipts that were delivered and are not yet removed from the store. */
  #delivered: readonly ReceiptKey[] = [];
  #pause = 0;
  #retryAt = -Infinity;
  #pace: Pace = "new";
  #mostAtOnce = FIRST_RECEIPTS;
  /** The backend of the last message. How it behaved tells nothing of another one. */
  #to: Receipts | undefined;

  /**
   * @param app the id
   * @param parts that all senders share
   */
  constructor(app: string, parts: SenderParts) {
    this.#app = app;
    this.#parts = parts;
  }

  /** For how long nothing is sent after a failure, in milliseconds. */
  get pause(): number {
    return this.#hasMoved ? 0 : Math.max(0, this.#retryAt - this.#parts.timers.now());
  }

  /** How fast the backend is. */
  get pace(): Pace {
    return this.#hasMoved ? "new" : this.#pace;
  }

  get #hasMoved(): boolean {
    const to = this.#parts.receiptsOf(this.#app);
    return to?.url.href !== this.#to?.url.href || to?.secret !== this.#to?.secret;
  }

  /**
   * Sends what waits, until nothing does, the backend fails, or another process sends.
   *
   * @param mayGoOn whether there may be another message, asked after each
   * @returns whether more may wait
   */
  async send(mayGoOn: () => boolean): Promise<boolean> {
    do {
      const to = this.#parts.receiptsOf(this.#app);
      const receipts = to ? await this.#collect() : [];
      if (!to || receipts.length === 0) return false;
      if (!(await this.#post(to, receipts))) return false;
    } while (mayGoOn());
    await this.leave();
    return true;
  }

  /** Lets another process send at once. */
  async leave(): Promise<void> {
    await this.#collect(true);
  }

  async #post(to: Receipts, collected: Collected["receipts"]): Promise<boolean> {
    const { timers, post, events } = this.#parts;
    if (this.#hasMoved) this.#begin(to);
    const receipts = collected.slice(0, this.#mostAtOnce);
    const start = timers.now();
    const delivery = { app: this.#app, to, receipts };
    const failure = await Promise.try(post, delivery).catch(() => "it cannot be sent");
    const isFast = failure === undefined && timers.now() - start <= SLOW_MS;
    this.#pace = isFast ? "fast" : "slow";
    if (failure === undefined) {
      this.#pause = 0;
      this.#mostAtOnce = COLLECTED_AT_ONCE;
      this.#delivered = receipts.map(({ id, revision }) => ({ id, revision }));
      return true;
    }
    events.onFailure(this.#app, failure);
    this.#failed();
    return false;
  }

  #begin(to: Receipts): void {
    this.#to = to;
    this.#pause = 0;
    this.#retryAt = -Infinity;
    this.#mostAtOnce = FIRST_RECEIPTS;
  }

  async #collect(isLast = false): Promise<Collected["receipts"]> {
    const { store, timers, name: sender, events } = this.#parts;
    const delivered = this.#delivered;
    const operation = { kind: "collect", app: this.#app, sender, delivered } as const;
    const asked = async () => store.run(isLast ? { ...operation, isLast } : operation);
    try {
      const { receipts, waiting, dropped } = await withinTime(asked(), timers);
      this.#delivered = [];
      events.onCollected(this.#app, { waiting, dropped });
      return receipts;
    } catch {
      // The store reports its failures itself.
      return [];
    }
  }

  /** Half of the pause is chosen at random, so that many gateways do not ask at the same time. */
  #failed(): void {
    this.#pause = Math.min(Math.max(this.#pause * 2, FIRST_PAUSE_MS), LAST_PAUSE_MS);
    this.#retryAt = this.#parts.timers.now() + this.#pause * (0.5 + Math.random() / 2);
  }
}
