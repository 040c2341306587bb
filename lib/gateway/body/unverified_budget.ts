import { GatewayError } from "../problem/gateway_error.ts";

/** Something that memory is held for while nobody is verified. */
export interface Holder {
  /** When it began, by the budget's clock. */
  readonly start: number;
  /** How many bytes have come. */
  readonly received: number;
  /** Gives it up. */
  end: (error: GatewayError) => void;
  /** What is counted for it. Only the budget changes it. */
  held: number;
  /** Its place among all holders; -1 when it is none of them. Only the budget changes it. */
  index: number;
}

// Besides its bytes a body holds a request, a reader and timers. It also bounds how many bodies there are.
const LEAST = 16_384;

// A small body that has come at once would otherwise count as slow, next to a flood, while it is verified.
const NEW_MS = 100;

/**
 * Counts the memory of all bodies of a process whose senders are not verified yet. When it is used up, the
 * slowest makes room: an honest client sends what it has, and a flood is cheapest when it sends little.
 */
export class UnverifiedBudget {
  readonly #now: () => number;
  // An array and no Set, as in the timer wheel.
  readonly #holders: Holder[] = [];
  #held = 0;

  /** @param now a monotonic clock in milliseconds. Default: `performance.now`. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What is held for all, in bytes. */
  get held(): number {
    return this.#held;
  }

  /**
   * Counts for a holder so many bytes from now on.
   *
   * @param holder one that has been counted before, or a new one
   * @param bytes all that it holds
   * @param limit what all may hold together; one alone may always hold that much
   * @throws GatewayError `unverified_limit`, when there is no room and none is slower
   */
  hold(holder: Holder, bytes: number, limit: number): void {
    const wanted = Math.min(Math.max(bytes, LEAST), limit);
    while (this.#held - holder.held + wanted > limit) {
      const slowest = this.#slowest();
      if (!slowest || this.#rateOf(slowest) >= this.#rateOf(holder)) {
        throw new GatewayError("unverified_limit");
      }
      this.release(slowest);
      slowest.end(new GatewayError("unverified_limit"));
    }
    if (holder.index < 0) holder.index = this.#holders.push(holder) - 1;
    this.#held += wanted - holder.held;
    holder.held = wanted;
  }

  /** Counts nothing for a holder any more. Further calls do nothing. */
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

  /** In bytes a millisecond. Nothing is known of one that has just begun. */
  #rateOf({ start, received, held }: Holder): number {
    const age = this.#now() - start;
    return age < NEW_MS && held <= LEAST ? Infinity : received / age;
  }
}
