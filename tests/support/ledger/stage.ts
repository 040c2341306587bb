import { createLedger } from "../../../lib/gateway/ledger/create_ledger.ts";
import type { CounterDemand } from "../../../lib/gateway/ledger/demand.ts";
import { type Scope, tokenScope } from "../../../lib/gateway/ledger/forms/scope.ts";
import type { CountedRequest, Ledger, LedgerEvents } from "../../../lib/gateway/ledger/ledger.ts";
import { LedgerError } from "../../../lib/gateway/ledger/ledger_error.ts";
import { MemoryStore } from "../../../lib/gateway/ledger/memory/memory_store.ts";
import type { CounterReading, LedgerStore, Operation } from "../../../lib/gateway/ledger/store.ts";
import { Events, randomOf } from "./simulation/events.ts";
import { SimulatedProcess } from "./simulation/process.ts";

const START = Date.UTC(2027, 0, 15, 12);

/** The scope of the token of most tests. */
export const TOKEN = tokenScope("web", "1");

export const use = { scope: TOKEN, counter: "uses", limit: 2 } satisfies CounterDemand;
export const place = { scope: TOKEN, counter: "concurrent", limit: 1 } satisfies CounterDemand;
export const bytes = { scope: TOKEN, counter: "bytes", limit: 10_000 } satisfies CounterDemand;
export const tokens = {
  scope: TOKEN,
  counter: "tokens",
  limit: 1_000,
  fixed: 100,
  unit: 1,
} satisfies CounterDemand;
export const elastic = { least: 16, most: 500, isAsked: true };

/** What becomes of a message to the store and of its reply, in milliseconds of delay; `undefined`: lost. */
export interface Fate {
  there?: number | undefined;
  back?: number | undefined;
}

/** Processes with real ledgers and one store, in simulated time, with a network that a test controls. */
export class Stage {
  readonly events = new Events();
  readonly store = new MemoryStore({ now: () => START + Math.floor(this.events.now) });
  /** Decides what becomes of an operation. Default: it takes a millisecond there and back. */
  fateOf: (operation: Operation, owner: string) => Fate = () => ({ there: 1, back: 1 });
  #processes = 0;

  /** Starts a process whose ledger asks the store over the network. */
  start(events: Partial<LedgerEvents> = {}): { process: SimulatedProcess; ledger: Ledger } {
    const process = new SimulatedProcess(this.events, randomOf(1));
    const owner = `process ${++this.#processes}`;
    const store = { run: this.#connect(process, owner) } as LedgerStore;
    return { process, ledger: createLedger({ store, timers: process.timers(), owner, events }) };
  }

  /** Starts a process that has the store itself. */
  startLocal(): { process: SimulatedProcess; ledger: Ledger } {
    const process = new SimulatedProcess(this.events, randomOf(1));
    return { process, ledger: createLedger({ store: this.store, timers: process.timers() }) };
  }

  /** Lets some time pass. */
  async pass(ms: number): Promise<void> {
    await this.events.runUntil(this.events.now + ms, () => {});
  }

  /** Waits for a promise while time passes, for 10 s at most. */
  async settled<Result>(promise: Promise<Result> | Result): Promise<Result> {
    const waiting = Promise.resolve(promise);
    waiting.catch(() => {});
    await this.pass(10_000);
    return waiting;
  }

  /** The error with which a reservation ends. */
  async refusal(ledger: Ledger, request: CountedRequest): Promise<LedgerError> {
    const reserving = (async () => ledger.reserve(request))();
    const error = await this.settled(reserving).then(
      () => "it was reserved",
      (cause: unknown) => cause,
    );
    if (error instanceof LedgerError) return error;
    throw new Error(`no LedgerError: ${String(error)}`);
  }

  /** What is settled and reserved in a scope, by counter. */
  amounts(scope: Scope = TOKEN): Record<string, [settled: number, reserved: number]> {
    const [readings] = this.store.run({ kind: "read", app: "web", scopes: [scope] });
    return amountsOf(readings!);
  }

  /** A request with a token that was issued after the birth of the store. */
  request(demands: readonly CounterDemand[], rest: Partial<CountedRequest> = {}): CountedRequest {
    const issuedAt = START + 2_001;
    return {
      app: "web",
      demands,
      credential: { issuedAt, expiresAt: issuedAt + 3_600_000 },
      ...rest,
    };
  }

  #connect(process: SimulatedProcess, owner: string) {
    return (operation: Operation) =>
      new Promise((resolve) => {
        const { there, back } = this.fateOf(operation, owner);
        if (there === undefined) return;
        this.events.after(there, () => {
          const result = this.store.run(structuredClone(operation));
          if (back !== undefined) process.after(back, () => resolve(result));
        });
      });
  }
}

/** What is settled and reserved, by counter. */
export function amountsOf(
  readings: readonly CounterReading[],
): Record<string, [settled: number, reserved: number]> {
  const amounts = readings.filter((reading) => "settled" in reading);
  return Object.fromEntries(
    amounts.map(({ name, settled, reserved }) => [name, [settled, reserved]]),
  );
}
