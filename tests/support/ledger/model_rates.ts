import type { RateDemand } from "../../../lib/gateway/ledger/demand.ts";
import type { TestClock } from "./subject.ts";

const LENGTH = { s: 1e6, min: 60e6, h: 3_600e6, day: 86_400e6 };

/** A rate as a bucket that fills with the time: how much of the burst is used, in microseconds of its interval. */
export interface Bucket {
  app: string;
  scope: string;
  name: string;
  used: number;
  at: number;
}

/** The rates of the model, as leaky buckets; the product keeps a theoretical arrival time instead. */
export class ModelRates {
  readonly #clock: TestClock;
  #buckets = new Map<string, Bucket>();

  constructor(clock: TestClock) {
    this.#clock = clock;
  }

  /** How long a request has to wait, in milliseconds. */
  wait(app: string, demand: RateDemand): number {
    const interval = intervalOf(demand);
    const whole = demand.limit.burst * interval;
    const bucket = this.#buckets.get(keyOf(app, demand));
    if (bucket && this.#usedIn(bucket) > whole) {
      // The clock was set back. No more than the whole burst is used.
      bucket.used = whole;
      bucket.at = this.#clock.now;
    }
    const excess = this.#usedIn(bucket) + interval - whole;
    return excess > 0 ? Math.ceil(excess / 1000) : 0;
  }

  /** Takes one request. Returns how many may follow at once. */
  take(app: string, demand: RateDemand): number {
    const interval = intervalOf(demand);
    const { scope, limit } = demand;
    const name = `rate ${limit.count}/${limit.period} burst ${limit.burst}`;
    const used = this.#usedIn(this.#buckets.get(keyOf(app, demand))) + interval;
    this.#buckets.set(keyOf(app, demand), { app, scope, name, used, at: this.#clock.now });
    return Math.floor((limit.burst * interval - used) / interval);
  }

  read(app: string, scope: string) {
    return [...this.#buckets.values()]
      .filter((bucket) => bucket.app === app && bucket.scope === scope && this.#isKnown(bucket))
      .map(({ name, used, at }) => ({ name, fullAt: at + Math.ceil(used / 1000) }));
  }

  forget(): void {
    this.#buckets = new Map();
  }

  /** Everything that it knows. */
  get state(): ReadonlyMap<string, Bucket> {
    return this.#buckets;
  }

  set state(buckets: ReadonlyMap<string, Bucket>) {
    this.#buckets = new Map(buckets);
  }

  ends(): number[] {
    return [...this.#buckets.values()].map(untilOf);
  }

  #isKnown(bucket: Bucket): boolean {
    return untilOf(bucket) > this.#clock.now;
  }

  #usedIn(bucket: Bucket | undefined): number {
    if (!bucket || !this.#isKnown(bucket)) return 0;
    return Math.max(0, bucket.used - (this.#clock.now - bucket.at) * 1000);
  }
}

function keyOf(app: string, { scope, limit }: RateDemand): string {
  return `${app} ${scope} ${limit.count} ${limit.period} ${limit.burst}`;
}

function intervalOf({ limit: { count, period } }: RateDemand): number {
  return Math.ceil(LENGTH[period] / count);
}

function untilOf({ used, at }: Bucket): number {
  return at + Math.ceil(used / 1000) + 3_600_000;
}
