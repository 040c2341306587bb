import { assertDemands } from "./assert_demands.ts";
import { onceAnswered, type Timers, withinTime } from "./client/clock.ts";
import type { Lease } from "./client/lease.ts";
import { type ClientParts, Leases } from "./client/leases.ts";
import { type Ending, Outbox } from "./client/outbox.ts";
import { OpenReservation, type ReservationParts } from "./client/reservation.ts";
import type { Scope } from "./forms/scope.ts";
import type { CountedRequest, Ledger, LedgerEvents, LedgerReservation } from "./ledger.ts";
import { LedgerError } from "./ledger_error.ts";
import {
  type Closed,
  type CounterReading,
  type LedgerStore,
  NotExecutedError,
  type Refused,
  type Reserved,
  type ReserveOperation,
} from "./store.ts";

/** Options of {@link createLedger}. */
export interface LedgerOptions {
  /** Where the counters are. */
  store: LedgerStore;
  /** A monotonic clock and its timers. */
  timers: Timers;
  /** The name of this process; no other process ever has it. Default: a random one. */
  owner?: string;
  /** The events for metrics and the log. Default: none. */
  events?: Partial<LedgerEvents>;
  /** Called with the app when a receipt was queued. Default: nobody is. */
  onReceipt?: (app: string) => void;
}

// A queue in front of a store that is slow would only make it slower.
const MAX_WAITING = 10_000;

const STOP_MS = 5_000;

/**
 * Creates the ledger of this process. It makes the ids of reservations, keeps the leases, repeats settlements
 * until the store has confirmed them, and releases reservations whose outcome is unknown.
 *
 * @param options the store, the timers and the callbacks
 */
export function createLedger(options: LedgerOptions): Ledger {
  return new LedgerClient(options);
}

/** A reservation on its way. */
interface Attempt {
  request: CountedRequest;
  operation: ReserveOperation;
  lease: Lease;
  /** Whether the lease is confirmed. */
  isRenewed: boolean | Promise<boolean>;
  /** Whether it comes after a sweep. */
  isRetry: boolean;
}

class LedgerClient implements Ledger {
  readonly #parts: ClientParts;
  readonly #onReceipt: (app: string) => void;
  readonly #leases: Leases;
  readonly #outbox: Outbox;
  readonly #reservationParts: ReservationParts;
  #lastId = 0;
  #waiting = 0;
  #open = 0;
  #onIdle: (() => void)[] = [];
  #isClosed = false;

  constructor(options: LedgerOptions) {
    const { store, timers, owner = crypto.randomUUID(), events = {} } = options;
    this.#onReceipt = options.onReceipt ?? (() => {});
    this.#parts = { store, timers, owner, events };
    this.#leases = new Leases(this.#parts);
    this.#outbox = new Outbox(store, timers, (ending, closed) => this.#closed(ending, closed));
    this.#reservationParts = { store, timers, send: (ending) => this.#end(ending) };
  }

  reserve(request: CountedRequest): LedgerReservation | Promise<LedgerReservation> {
    assertDemands(request);
    return this.#try(request, false);
  }

  read(app: string, scopes: readonly Scope[]): Promise<CounterReading[][]> {
    return this.#ask(async () => this.#parts.store.run({ kind: "read", app, scopes }));
  }

  async reset(app: string, scopes: readonly Scope[]): Promise<number> {
    const ask = async () => this.#parts.store.run({ kind: "reset", app, scopes });
    return (await this.#ask(ask)).count;
  }

  async sweep(app: string): Promise<void> {
    const { owner, store } = this.#parts;
    const { expired } = await this.#ask(async () => store.run({ kind: "beat", app, owner }));
    await this.#leases.sweep(app, expired);
  }

  async idle(): Promise<void> {
    if (this.#open > 0) await new Promise<void>((resolve) => this.#onIdle.push(resolve));
  }

  async close(): Promise<void> {
    const { timers } = this.#parts;
    this.#isClosed = true;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = timers.start(resolve, STOP_MS);
    await Promise.race([this.#outbox.empty(), late]);
    timers.stop(timer);
    this.#leases.stop();
  }

  #try(request: CountedRequest, isRetry: boolean): LedgerReservation | Promise<LedgerReservation> {
    if (this.#isClosed || this.#waiting >= MAX_WAITING) throw unavailable();
    const lease = this.#leases.of(request.app);
    const operation = this.#operation(request);
    const isRenewed = lease.renew();
    const answer = this.#parts.store.run(operation);
    lease.unconfirmed++;
    if (!(answer instanceof Promise)) return this.#conclude(operation, lease, answer);
    return this.#wait({ request, operation, lease, isRetry, isRenewed }, answer);
  }

  #operation({ app, demands, elastic, credential, receipt }: CountedRequest): ReserveOperation {
    const { owner } = this.#parts;
    const id = `${owner}.${(++this.#lastId).toString(36)}`;
    const operation: ReserveOperation = { kind: "reserve", app, owner, id, demands };
    if (elastic) operation.elastic = elastic;
    if (credential) operation.credential = credential;
    if (receipt !== undefined) operation.receipt = receipt;
    return operation;
  }

  async #wait(attempt: Attempt, waiting: Promise<Reserved | Refused>): Promise<LedgerReservation> {
    const { request, operation, lease, isRetry } = attempt;
    this.#waiting++;
    const answer = await this.#outcome(attempt, waiting);
    this.#waiting--;
    if (answer === "not executed") {
      lease.unconfirmed--;
      throw unavailable();
    }
    if (!answer) {
      // Whether it was reserved is unknown.
      this.#release(operation);
      throw unavailable();
    }
    if (answer.kind === "reserved" || !answer.expired || isRetry) {
      return this.#conclude(operation, lease, answer);
    }
    lease.unconfirmed--;
    await this.#leases.sweep(request.app, answer.expired);
    return this.#try(request, true);
  }

  /** Resolves to the answer; `undefined`: it did not come, or the lease is not confirmed. */
  #outcome(
    { isRenewed }: Attempt,
    waiting: Promise<Reserved | Refused>,
  ): Promise<Reserved | Refused | "not executed" | undefined> {
    return new Promise((resolve) =>
      onceAnswered(waiting, this.#parts.timers, {
        onAnswer: (answer) => {
          if (isRenewed === true || answer.kind === "refused") return resolve(answer);
          resolve(Promise.resolve(isRenewed).then((is) => (is ? answer : undefined)));
        },
        onFailure: (error) =>
          resolve(error instanceof NotExecutedError ? "not executed" : undefined),
      }),
    );
  }

  #conclude(
    operation: ReserveOperation,
    lease: Lease,
    answer: Reserved | Refused,
  ): LedgerReservation {
    if (answer.kind === "refused") {
      lease.unconfirmed--;
      const { code, waitMs } = answer;
      throw code === "void" ? unavailable() : new LedgerError(code, waitMs);
    }
    this.#open++;
    const reservation = new OpenReservation(operation, answer, lease, this.#reservationParts);
    if (reservation.isHeld()) return reservation;
    // This process was stopped while it waited, and its lease has ended.
    reservation.release();
    throw unavailable();
  }

  #end(ending: Ending): void {
    this.#open--;
    this.#outbox.send(ending);
    if (this.#open > 0) return;
    for (const callback of this.#onIdle.splice(0)) callback();
  }

  #release({ app, owner, id }: ReserveOperation): void {
    this.#outbox.send({ kind: "release", app, owner, id });
  }

  #closed({ kind, app, receipt }: Ending, { was, overrun }: Closed): void {
    const { events } = this.#parts;
    this.#leases.of(app).unconfirmed--;
    if (overrun) events.onOverrun?.(overrun);
    if (was === "unknown" && kind === "settle") events.onUnknown?.();
    if (receipt !== undefined && was !== "unknown") this.#onReceipt(app);
  }

  async #ask<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await withinTime(ask(), this.#parts.timers);
    } catch {
      throw unavailable();
    }
  }
}

function unavailable(): LedgerError {
  return new LedgerError("ledger_unavailable");
}
