import type { ReleaseOperation, SettleOperation } from "../../../gateway/ledger/store.ts";

/** An operation that ends a reservation. */
export type Ending = SettleOperation | ReleaseOperation;

const SPAN_MS = 5_000;
const MOST = 20_000;

/**
 * The ends of reservations that were confirmed in the last 5 to 10 s. Another server may not have heard of them, and
 * would keep what they held for as long as this process lives.
 */
export class RecentEndings {
  #recent: Ending[] = [];
  #older: Ending[] = [];
  #since = performance.now();

  /** Adds the end of a reservation. */
  add(ending: Ending): void {
    const now = performance.now();
    if (now - this.#since > SPAN_MS || this.#recent.length >= MOST) {
      this.#older = now - this.#since > 2 * SPAN_MS ? [] : this.#recent;
      this.#recent = [];
      this.#since = now;
    }
    this.#recent.push(ending);
  }

  /** Returns them in the order of their confirmation, and forgets them. */
  take(): Ending[] {
    const all = [...this.#older, ...this.#recent];
    this.#older = [];
    this.#recent = [];
    return all;
  }
}
