import { GatewayError } from "../problem/gateway_error.ts";

/** A limit on concurrent exchanges. */
export interface Demand {
  /** Returns the name of the counter. Called only when the exchange is counted. */
  key: () => string;
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

  function leave(keys: readonly string[]): void {
    for (const key of keys) {
      const left = counts.get(key)! - 1;
      if (left > 0) counts.set(key, left);
      else counts.delete(key);
    }
  }

  function enter(key: string, limit: number, held: string[]): void {
    const count = counts.get(key) ?? 0;
    if (count >= limit) {
      leave(held);
      throw new GatewayError("too_many_connections");
    }
    counts.set(key, count + 1);
    held.push(key);
  }

  return {
    reserve(demands) {
      let held: string[] = [];
      for (const { key, limit } of demands) if (limit !== undefined) enter(key(), limit, held);
      return {
        countUnlimited() {
          for (const { key, limit } of demands)
            if (limit === undefined) enter(key(), Infinity, held);
        },
        release() {
          leave(held);
          held = [];
        },
      };
    },
  };
}
