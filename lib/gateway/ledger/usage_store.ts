/** What a gateway tells the others of a period. */
export interface UsageNote {
  /** The period. */
  period: string;
  /** The name of the gateway, which no other has. */
  gateway: string;
  text: string;
  /** How long it is kept after the last note of the period, in milliseconds. */
  keptMs: number;
}

/** Keeps the notes of all gateways that share a ledger. */
export interface UsageStore {
  /**
   * Keeps a note in place of the one that this gateway has made of the period before, so that it may be repeated.
   *
   * @returns whether there was room
   * @throws as a rejection when the store cannot be reached
   */
  put: (note: UsageNote) => Promise<boolean>;
  /**
   * Returns the texts of a period, by the names of the gateways.
   *
   * @throws as a rejection when the store cannot be reached
   */
  read: (period: string) => Promise<Readonly<Record<string, string>>>;
}
