import type { BytesDemand } from "../demand.ts";
import { LedgerError } from "../ledger_error.ts";
import type { LedgerReservation } from "../ledger.ts";
import type { Drawn, LedgerStore, Report, Reserved, ReserveOperation } from "../store.ts";
import { type Timers, withinTime } from "./clock.ts";
import type { Holder, Lease } from "./lease.ts";
import type { Ending } from "./outbox.ts";

/** The parts of an {@link OpenReservation}. */
export interface ReservationParts {
  operation: ReserveOperation;
  reserved: Reserved;
  lease: Lease;
  store: LedgerStore;
  timers: Timers;
  /** Sends the end of the reservation until it is confirmed. */
  send: (ending: Ending) => void;
}

/** A reservation that was made. */
export class OpenReservation implements LedgerReservation, Holder {
  readonly granted: number | undefined;
  readonly left: readonly number[];
  allowance: number;
  readonly #parts: ReservationParts;
  readonly #holdsPlace: boolean;
  #isLost = false;
  #hasEnded = false;
  #leftAtDraw: number | undefined;
  #callbacks: (() => void)[] | undefined;

  /** @param parts the operation, its result and the parts of the ledger */
  constructor(parts: ReservationParts) {
    const { operation, reserved, lease } = parts;
    this.#parts = parts;
    this.granted = reserved.granted;
    this.left = reserved.left;
    this.allowance = reserved.bytes ?? Infinity;
    this.#holdsPlace = operation.demands.some(({ counter }) => counter === "concurrent");
    if (this.#holdsPlace) lease.add(this);
  }

  get bytesLeft(): number {
    const { demands } = this.#parts.operation;
    return this.#leftAtDraw ?? Math.min(...this.left.filter((_, i) => isBytes(demands[i]!)));
  }

  isHeld(): boolean {
    if (!this.#holdsPlace || this.#hasEnded) return true;
    if (!this.#isLost) this.#parts.lease.check();
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
    const { operation, store, timers } = this.#parts;
    const { app, owner, id } = operation;
    const demands = operation.demands.filter(isBytes);
    const drawn = store.run({ kind: "draw", app, owner, id, demands });
    if (!(drawn instanceof Promise)) return this.#add(drawn);
    return withinTime(drawn, timers).then(
      (result) => this.#add(result),
      () => {
        throw new LedgerError("ledger_unavailable");
      },
    );
  }

  settle(report: Report): void {
    const { app, owner, id } = this.#parts.operation;
    this.#end({ kind: "settle", app, owner, id, report });
  }

  release(): void {
    const { app, owner, id } = this.#parts.operation;
    this.#end({ kind: "release", app, owner, id });
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
    this.#parts.lease.remove(this);
    this.#parts.send(ending);
  }
}

function isBytes(demand: ReserveOperation["demands"][number]): demand is BytesDemand {
  return demand.counter === "bytes";
}
