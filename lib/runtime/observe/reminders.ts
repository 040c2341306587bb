const PAUSE_MS = 60_000;

/** Decides when a warning that many requests give is logged: once a minute for each of its keys. */
export class Reminders {
  readonly #now: () => number;
  /** When each was due last, the oldest first. */
  readonly #dueAt = new Map<string, number>();

  /** @param now a monotonic clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Whether it is time to warn. The caller does so then.
   *
   * @param key what the warning is about
   */
  isDue(key: string): boolean {
    const now = this.#now();
    if (this.#isRecent(key, now)) return false;
    // A key that is not in the settings any more would stay for ever.
    for (const known of this.#dueAt.keys()) {
      if (this.#isRecent(known, now)) break;
      this.#dueAt.delete(known);
    }
    this.#dueAt.set(key, now);
    return true;
  }

  #isRecent(key: string, now: number): boolean {
    return now - (this.#dueAt.get(key) ?? -Infinity) < PAUSE_MS;
  }
}
