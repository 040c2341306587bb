import type { BytesDemand } from "../demand.ts";
import { LedgerError } from "../ledger_error.ts";
import type { LedgerReservation } from "../ledger.ts";
import type { Drawn, LedgerStore, Report, Reserved, ReserveOperation } from "../store.ts";
import { type Timers, withinTime } from "./clock.ts";
import type { Holder, Lease } from "./lease.ts";
import type { Ending } from "./outbox.ts";

/** The objects that the reservations of a process share. */
export interface ReservationParts {
  store: LedgerStore;
  timers: Timers;
  /** Sends the end of a reservation until it is confirmed. */
  send: (ending: Ending) => void;
}

/** A reservation that was made. */
export class OpenReservation implements LedgerReservation, Holder {
  readonly granted: number | undefined;
  readonly left: readonly number[];
  allowance: number;
  readonly #operation: ReserveOperation;
  readonly #lease: Lease;
  readonly #parts: ReservationParts;
  readonly #holdsPlace: boolean;
  #isLost = false;
  #hasEnded = false;
  #leftAtDraw: number | undefined;
  #callbacks: (() => void)[] | undefined;

  /**
   * @param operation that made it
   * @param reserved its result
   * @param lease of this process in the app
   * @param parts of the ledger
   */
  constructor(
    operation: ReserveOperation,
    reserved: Reserved,
    lease: Lease,
    parts: ReservationParts,
  ) {
    this.granted = reserved.granted;
    this.left = reserved.left;
    this.allowance = reserved.bytes ?? Infinity;
    this.#operation = operation;
    this.#lease = lease;
    this.#parts = parts;
    this.#holdsPlace = operation.demands.some(({ counter }) => counter === "concurrent");
    if (this.#holdsPlace) lease.add(this);
  }

  get bytesLeft(): number {
    const { demands } = this.#operation;
    return this.#leftAtDraw ?? Math.min(...this.left.filter((_, i) => isBytes(demands[i]!)));
  }

  isHeld(): boolean {
    if (!this.#holdsPlace || this.#hasEnded) return true;
    if (!this.#isLost) this.#lease.check();
    return !this.#isLost;
  }

  onLost(callback: () => void): void {
    (this.#callbacks ??= []).push(callback);
  }

  lose(): void {
    this.#isLost = true;
    for (const callback of this.#callbacks?.splice(0) ?? []) callback();
  }

  draw(): number | Promise<number> {
    if (this.allowance === Infinity) return Infinity;
    const { store, timers } = this.#parts;
    const { app, owner, id } = this.#operation;
    const demands = this.#operation.demands.filter(isBytes);
    const drawn = store.run({ kind: "draw", app, owner, id, demands });
    if (!(drawn instanceof Promise)) return this.#add(drawn);
    return withinTime(drawn, timers).then(
      (result) => this.#add(result),
      () => {
        throw new LedgerError("ledger_unavailable");
      },
    );
  }

  settle(report: Report, receipt?: string): void {
    const { app, owner, id } = this.#operation;
    this.#end(withText({ kind: "settle", app, owner, id, report }, receipt));
  }

  release(receipt?: string): void {
    const { app, owner, id } = this.#operation;
    this.#end(withText({ kind: "release", app, owner, id }, receipt));
  }

  #add({ bytes, left, isOpen }: Drawn): number {
    // It was swept while the store could not be reached.
    if (!isOpen) throw new LedgerError("ledger_unavailable");
    this.allowance += bytes;
    this.#leftAtDraw = left;
    return bytes;
  }

  #end(ending: Ending): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#holdsPlace) this.#lease.remove(this);
    this.#parts.send(ending);
  }
}

function isBytes(demand: ReserveOperation["demands"][number]): demand is BytesDemand {
  return demand.counter === "bytes";
}

function withText(ending: Ending, receipt: string | undefined): Ending {
  if (receipt !== undefined) ending.receipt = receipt;
  return ending;
}
