import type { BeatOperation, LedgerStore, Results } from "../store.ts";
import { type Timers, withinTime } from "./clock.ts";

/** How often a lease is renewed, in milliseconds. */
export const BEAT_MS = 10_000;

/**
 * The time after which places are given up, in milliseconds: 8 s before the store frees them, for clocks that run
 * at different speeds and messages that are on their way.
 */
export const HELD_MS = 37_000;

/** An exchange that holds a place. */
export interface Holder {
  /** Called once when the place is lost. */
  lose: () => void;
}

/** The parts of a lease. */
export interface LeaseParts {
  app: string;
  owner: string;
  store: LedgerStore;
  timers: Timers;
  /** Called with owners whose leases have ended. */
  onExpired: (owners: readonly string[]) => void;
  /** Called with the number of places that were lost. */
  onLost: (count: number) => void;
}

/** The lease of this process in one app, which holds all of its reservations there. */
export class Lease {
  /** The number of reservations whose end the store has not confirmed. */
  unconfirmed = 0;
  readonly #parts: LeaseParts;
  readonly #holders = new Set<Holder>();
  #sentAt = -Infinity;
  /** When the last heartbeat that was confirmed was sent. */
  #confirmedAt = -Infinity;

  /** @param parts the store, the timers and the callbacks */
  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  /** Whether nothing needs the lease any more. */
  get isIdle(): boolean {
    return this.unconfirmed === 0 && this.#isDue;
  }

  /** Adds an exchange that holds a place. */
  add(holder: Holder): void {
    this.#holders.add(holder);
  }

  /** Removes an exchange that has ended. */
  remove(holder: Holder): void {
    this.#holders.delete(holder);
  }

  /**
   * Sends a heartbeat if it is time for one.
   *
   * @returns whether the lease is confirmed; at once, where no heartbeat is due or the store need not wait
   */
  renew(): boolean | Promise<boolean> {
    if (!this.#isDue) return true;
    const sentAt = this.#parts.timers.now();
    const beaten = this.#beat();
    this.#sentAt = sentAt;
    if (!(beaten instanceof Promise)) {
      // A store in this process answers before anybody else can take a place.
      this.#confirmedAt = sentAt;
      return this.#expire(beaten);
    }
    return withinTime(beaten, this.#parts.timers).then(
      (result) => {
        this.check();
        this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
        return this.#expire(result);
      },
      () => {
        // The next tick tries again.
        this.#sentAt = -Infinity;
        return false;
      },
    );
  }

  /** Gives all places up if the lease was not confirmed in time. Returns whether it was. */
  check(): boolean {
    if (this.#isConfirmed) return true;
    if (this.#holders.size === 0) return false;
    // A store in this process can still confirm it.
    if (this.#isDue) void this.renew();
    if (this.#isConfirmed) return true;
    const lost = [...this.#holders];
    this.#holders.clear();
    for (const holder of lost) holder.lose();
    if (lost.length > 0) this.#parts.onLost(lost.length);
    return false;
  }

  get #isConfirmed(): boolean {
    return this.#parts.timers.now() - this.#confirmedAt <= HELD_MS;
  }

  get #isDue(): boolean {
    return this.#parts.timers.now() - this.#sentAt >= BEAT_MS;
  }

  #beat(): Results["beat"] | Promise<Results["beat"]> {
    const { app, owner, store } = this.#parts;
    const operation: BeatOperation = { kind: "beat", app, owner };
    return store.run(operation);
  }

  #expire({ expired }: Results["beat"]): true {
    if (expired.length > 0) this.#parts.onExpired(expired);
    return true;
  }
}
