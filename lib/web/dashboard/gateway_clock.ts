/** The clock of the gateway. That of the machine with this page may be wrong. */
export class GatewayClock {
  #aheadMs = 0;

  /**
   * Sets the clock.
   *
   * @param now RFC 3339
   */
  set(now: string): void {
    this.#aheadMs = Date.parse(now) - Date.now();
  }

  /** The time, in milliseconds since the epoch. */
  get now(): number {
    return Date.now() + this.#aheadMs;
  }
}
