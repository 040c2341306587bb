import type { Timer } from "../../time/timer_wheel.ts";
import type { LedgerEvents } from "../ledger.ts";
import type { LedgerStore } from "../store.ts";
import { type Timers, withinTime } from "./clock.ts";
import { Lease } from "./lease.ts";

/** The objects that the parts of a ledger share. */
export interface ClientParts {
  store: LedgerStore;
  timers: Timers;
  /** The name of this process. */
  owner: string;
  events: Partial<LedgerEvents>;
}

const TICK_MS = 1_000;

/** The leases of this process, one for each app with something open. */
export class Leases {
  readonly #parts: ClientParts;
  readonly #leases = new Map<string, Lease>();
  /** The sweeps under way, by owner and app. */
  readonly #sweeps = new Map<string, Promise<void>>();
  #tick: Timer | undefined;
  #isStopped = false;

  /** @param parts the store, the timers and the callbacks */
  constructor(parts: ClientParts) {
    this.#parts = parts;
  }

  /** Returns the lease of an app. */
  of(app: string): Lease {
    const found = this.#leases.get(app);
    if (found) return found;
    const lease = new Lease({
      app,
      ...this.#parts,
      onExpired: (owners) => void this.sweep(app, owners),
      onLost: (count) => this.#parts.events.onLost?.(count),
    });
    this.#leases.set(app, lease);
    this.#schedule();
    return lease;
  }

  /**
   * Charges what other processes have reserved, whose leases have ended.
   *
   * @param app the app
   * @param owners the other processes
   */
  async sweep(app: string, owners: readonly string[]): Promise<void> {
    for (const owner of owners) {
      if (owner !== this.#parts.owner) await this.#sweepOnce(app, owner);
    }
  }

  /** Ends the heartbeats. */
  stop(): void {
    this.#isStopped = true;
    this.#parts.timers.stop(this.#tick);
  }

  /** Many requests may find at once that a lease has ended. Sweeps beside each other would only delay each other. */
  #sweepOnce(app: string, owner: string): Promise<void> {
    const key = `${owner} ${app}`;
    const found = this.#sweeps.get(key);
    if (found) return found;
    const sweeping = this.#sweepOne(app, owner).finally(() => this.#sweeps.delete(key));
    this.#sweeps.set(key, sweeping);
    return sweeping;
  }

  async #sweepOne(app: string, owner: string): Promise<void> {
    const { store, timers, events } = this.#parts;
    let total = 0;
    try {
      for (let hasMore = true; hasMore;) {
        const swept = store.run({ kind: "sweep", app, owner });
        const result = swept instanceof Promise ? await withinTime(swept, timers) : swept;
        total += result.count;
        ({ hasMore } = result);
        // Its lease was renewed.
        if (result.count === 0) break;
      }
    } catch {
      // The store cannot be reached. The next heartbeat names the owner again.
    }
    if (total > 0) events.onSwept?.(total);
  }

  #keep(app: string, lease: Lease): void {
    if (lease.isIdle) return void this.#leases.delete(app);
    // First, because a heartbeat that is confirmed now would hide that the lease had ended.
    lease.check();
    void lease.renew();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#tick ??= this.#parts.timers.start(() => {
      this.#tick = undefined;
      try {
        for (const [app, lease] of this.#leases) this.#keep(app, lease);
      } finally {
        if (this.#leases.size > 0) this.#schedule();
      }
    }, TICK_MS);
  }
}
