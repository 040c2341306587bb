import type { BeatOperation, LedgerStore, Results } from "../store.ts";
import { type Timers, withinTime } from "./clock.ts";

/** How often a lease is renewed, in milliseconds. */
const BEAT_MS = 10_000;

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
  /** The last heartbeat that needed to wait. */
  #sending: Promise<boolean> | undefined;
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
   * @returns whether the lease is confirmed; a promise where no heartbeat is confirmed yet
   */
  renew(): boolean | Promise<boolean> {
    const now = this.#parts.timers.now();
    if (now - this.#sentAt >= BEAT_MS) this.#send();
    return now - this.#confirmedAt <= HELD_MS || (this.#sending ?? false);
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

  #send(): void {
    const { timers } = this.#parts;
    const sentAt = timers.now();
    this.#sentAt = sentAt;
    const beaten = this.#beat();
    // A store in this process answers before anybody else can take a place.
    if (!(beaten instanceof Promise)) return void this.#confirm(beaten, sentAt);
    this.#sending = withinTime(beaten, timers).then(
      (result) => {
        // First, because a heartbeat that is confirmed now would hide that the lease had ended.
        this.check();
        return this.#confirm(result, sentAt);
      },
      () => {
        // The next tick tries again.
        this.#sentAt = -Infinity;
        return this.#isConfirmed;
      },
    );
  }

  #confirm({ expired }: Results["beat"], sentAt: number): boolean {
    this.#confirmedAt = Math.max(this.#confirmedAt, sentAt);
    if (expired.length > 0) this.#parts.onExpired(expired);
    return this.#isConfirmed;
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
}
