import { ok } from "node:assert/strict";
import type { CounterDemand, RateDemand } from "../../../lib/gateway/ledger/demand.ts";
import type { Refused, ReserveOperation, Reserved } from "../../../lib/gateway/ledger/store.ts";
import type { TestClock } from "./subject.ts";

const LENGTH_MS = { s: 1_000, min: 60_000, h: 3_600_000, day: 86_400_000 };

/** What has to hold whatever the model says: limits on uses over all births, and on rates. */
export class Checks {
  readonly #clock: TestClock;
  // Time that has passed. A clock that is set back does not take any back.
  #elapsed = 0;
  readonly #uses = new Map<string, Set<string>>();
  readonly #arrivals = new Map<string, number[]>();

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  advance(ms: number): void {
    this.#elapsed += Math.max(0, ms);
  }

  /** A store that has forgotten rates may admit a burst again. Tokens must not be used again. */
  forgot(): void {
    this.#arrivals.clear();
  }

  reserved({ app, id, demands }: ReserveOperation, result: unknown): void {
    const answer = result as Reserved | Refused;
    if (answer.kind !== "reserved") return;
    for (const [index, demand] of demands.entries()) {
      // Settled + reserved ≤ limit.
      ok(answer.left[index]! >= 0, `${demand.counter} went over its limit at ${this.#clock.now}`);
      const key = `${app} ${demand.scope}`;
      if (demand.counter === "rate") this.#arrived(key, demand);
      if (demand.counter === "uses") this.#used(key, demand, id);
    }
  }

  released(id: string, result: unknown): void {
    if ((result as { was: string }).was === "unknown") return;
    for (const ids of this.#uses.values()) ids.delete(id);
  }

  #used(key: string, { limit }: Extract<CounterDemand, { limit: number }>, id: string): void {
    const ids = this.#uses.get(key) ?? new Set();
    this.#uses.set(key, ids.add(id));
    ok(ids.size <= limit, `${key} was used ${ids.size} times, and ${limit} were allowed`);
  }

  #arrived(key: string, { limit }: RateDemand): void {
    const { count, period, burst } = limit;
    const name = `${key} ${count} ${period} ${burst}`;
    const times = [...(this.#arrivals.get(name) ?? []), this.#elapsed];
    this.#arrivals.set(name, times);
    for (const [index, start] of times.entries()) {
      const span = this.#elapsed - start;
      const most = burst + (count * span) / LENGTH_MS[period];
      ok(times.length - index <= most, `${name}: too many in ${span} ms`);
    }
  }
}
