import { GatewayError } from "../problem/gateway_error.ts";

/** A body that is read whole, and uses memory. */
export interface Holder {
  /** When it started, by the clock of the budget. */
  readonly start: number;
  /** How many bytes have arrived. */
  readonly received: number;
  /** When it was complete, by the clock of the budget; `undefined` until then. */
  readonly completed: number | undefined;
  /** Whether it is in use and cannot be dropped. Absent: no. */
  readonly isInUse?: boolean;
  /** Drops it. */
  end: (error: GatewayError) => void;
  /** How many bytes are counted for it. Only the budget changes it. */
  held: number;
  /** Its index among all holders; -1 when it is not counted. Only the budget changes it. */
  index: number;
}

/** The error when a budget is used up: of bodies whose senders are not verified, or under policies. */
export type BudgetCode = "unverified_limit" | "policy_bodies_limit";

// A body also needs memory for its request, a reader and timers. This minimum limits their number as well.
const LEAST = 16_384;

// Otherwise a small body that arrived at once would count as slow during a flood, while it is verified.
const NEW_MS = 100;

/**
 * Counts the memory of all bodies of a process that are read whole for one purpose. When it is used up, the
 * slowest body is dropped: an honest client sends at once, and a flood is cheapest when it sends little.
 */
export class BodyBudget {
  readonly #code: BudgetCode;
  readonly #now: () => number;
  // An array, not a Set, as in the timer wheel.
  readonly #holders: Holder[] = [];
  #held = 0;

  /**
   * @param code of the error when it is used up
   * @param now a monotonic clock in milliseconds. Default: `performance.now`.
   */
  constructor(code: BudgetCode, now: () => number = () => performance.now()) {
    this.#code = code;
    this.#now = now;
  }

  /** How many bytes are counted for all holders. */
  get held(): number {
    return this.#held;
  }

  /**
   * Sets how many bytes are counted for a holder.
   *
   * @param holder a new holder, or one that is already counted
   * @param bytes the memory that it uses in total
   * @param limit the most bytes of all holders together; a single holder may always use this much
   * @throws GatewayError with the code of the budget when there is no room and no other holder is slower
   */
  hold(holder: Holder, bytes: number, limit: number): void {
    const wanted = Math.min(Math.max(bytes, LEAST), limit);
    while (this.#held - holder.held + wanted > limit) {
      const slowest = this.#slowest();
      if (!slowest || this.#rateOf(slowest) >= this.#rateOf(holder)) {
        throw new GatewayError(this.#code);
      }
      this.release(slowest);
      slowest.end(new GatewayError(this.#code));
    }
    if (holder.index < 0) holder.index = this.#holders.push(holder) - 1;
    this.#held += wanted - holder.held;
    holder.held = wanted;
  }

  /** Stops counting a holder. Further calls do nothing. */
  release(holder: Holder): void {
    const { index } = holder;
    if (index < 0) return;
    const last = this.#holders.pop()!;
    if (last !== holder) {
      this.#holders[index] = last;
      last.index = index;
    }
    this.#held -= holder.held;
    holder.index = -1;
    holder.held = 0;
  }

  #slowest(): Holder | undefined {
    let slowest: Holder | undefined;
    let lowest = Infinity;
    for (const holder of this.#holders) {
      const rate = this.#rateOf(holder);
      if (rate >= lowest) continue;
      slowest = holder;
      lowest = rate;
    }
    return slowest;
  }

  /**
   * In bytes per millisecond, without the time for its verification. The rate of a holder that has just
   * started is unknown, and a small one that is complete ends soon.
   */
  #rateOf({ start, received, completed, held, isInUse }: Holder): number {
    if (isInUse) return Infinity;
    const age = (completed ?? this.#now()) - start;
    const isBrief = completed !== undefined || age < NEW_MS;
    return isBrief && held <= LEAST ? Infinity : received / age;
  }
}
