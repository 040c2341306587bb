import { GatewayError } from "../problem/gateway_error.ts";

/** A limit on concurrent exchanges. */
export interface Demand {
  /** The name of the counter. */
  key: string;
  /** How many exchanges may run at once. Absent: no limit. */
  limit: number | undefined;
}

/** The places that one exchange takes. */
export interface Reservation {
  /** Counts the exchange where there is no limit, too: a limit that is set later includes it. */
  countUnlimited: () => void;
  /** Releases the places. Further calls do nothing. */
  release: () => void;
}

/** Counts the concurrent exchanges under each limit. */
export interface ConcurrencyLimits {
  /**
   * Takes one place for each demand, or none at all.
   *
   * @throws GatewayError `too_many_connections`
   */
  reserve: (demands: readonly Demand[]) => Reservation;
}

/** Creates counters that start at zero. They are kept when limits change. */
export function createConcurrencyLimits(): ConcurrencyLimits {
  const counts = new Map<string, number>();
  return { reserve: (demands) => new Places(counts, demands) };
}

const NONE: readonly string[] = [];

/** The places of one exchange. An object, because thousands of exchanges may be open. */
class Places implements Reservation {
  readonly #counts: Map<string, number>;
  readonly #demands: readonly Demand[];
  #held = NONE;

  constructor(counts: Map<string, number>, demands: readonly Demand[]) {
    this.#counts = counts;
    this.#demands = demands;
    for (const { key, limit } of demands) if (limit !== undefined) this.#enter(key, limit);
  }

  countUnlimited(): void {
    for (const { key, limit } of this.#demands) {
      if (limit === undefined) this.#enter(key, Infinity);
    }
  }

  release(): void {
    for (const key of this.#held) {
      const left = this.#counts.get(key)! - 1;
      if (left > 0) this.#counts.set(key, left);
      else this.#counts.delete(key);
    }
    this.#held = NONE;
  }

  #enter(key: string, limit: number): void {
    const count = this.#counts.get(key) ?? 0;
    if (count >= limit) {
      this.release();
      throw new GatewayError("too_many_connections");
    }
    this.#counts.set(key, count + 1);
    this.#held = [...this.#held, key];
  }
}
