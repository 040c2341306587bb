import type { KeySetAlgorithm } from "../model/key_set_algorithm.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { KEY_SET_RETRY_SECONDS } from "../problem/token_problems.ts";
import { type KeySet, parseKeySet } from "./key_set.ts";

/** Settings of {@link KeptKeySet}. */
export interface KeptKeySetOptions {
  /** The algorithms of the tokens that the keys verify. */
  algorithms: readonly KeySetAlgorithm[];
  /**
   * Fetches the text of the JWK Set. It rejects with a GatewayError if there is none. It needs a timeout of
   * its own, of a few seconds.
   */
  fetchKeySet: () => Promise<string>;
  /** Receives the reason when the keys could not be fetched. Default: the reason is dropped. */
  onFailure?: ((reason: string) => void) | undefined;
  /** A monotonic clock in milliseconds. Default: `performance.now`. */
  ticks?: (() => number) | undefined;
}

const MINUTE_MS = 60_000;
const MAX_AGE_MS = 10 * MINUTE_MS;
const KEPT_MS = 60 * MINUTE_MS;

// Anybody can send tokens with a key that does not exist.
const UNKNOWN_KEY_PAUSE_MS = 30_000;

const RETRY_MS = 1_000 * KEY_SET_RETRY_SECONDS;

/** A key set that is fetched on demand and cached. Waiting requests share one fetch. */
export class KeptKeySet {
  readonly #options: KeptKeySetOptions;
  readonly #ticks: () => number;
  #keySet: KeySet | undefined;
  /** When the last successful fetch started. */
  #fetchedAt = -Infinity;
  /** When the last fetch failed. Absent: it did not. */
  #failedAt: number | undefined;
  #failure = "";
  /** When a token with an unknown key last caused a fetch. */
  #unknownKeyAt = -Infinity;
  /** The running fetch. It never rejects. */
  #fetching: Promise<void> | undefined;

  /** @param options how the set is fetched, and the clock */
  constructor(options: KeptKeySetOptions) {
    this.#options = options;
    this.#ticks = options.ticks ?? (() => performance.now());
  }

  /** The last key set, of any age. Absent: none was fetched yet. */
  get last(): KeySet | undefined {
    return this.#keySet;
  }

  /**
   * Returns the key set. It is fetched again when it is older than 10 minutes. When that fails, the last one
   * is returned for an hour.
   *
   * @throws GatewayError `keys_unavailable`
   */
  async current(): Promise<KeySet> {
    if (this.#isDue()) {
      const fetching = this.#fetch();
      // After a failure, requests use the last keys and do not wait for the provider.
      if (this.#failedAt === undefined || !this.#isUsable()) await fetching;
    }
    return this.#usable();
  }

  /**
   * Returns the key set after a token named a key that it does not have. It is fetched again for that at most
   * once in 30 seconds.
   *
   * @throws GatewayError `keys_unavailable`
   */
  async afterUnknownKey(): Promise<KeySet> {
    const now = this.#ticks();
    if (this.#fetching) await this.#fetching;
    else if (now - this.#unknownKeyAt >= UNKNOWN_KEY_PAUSE_MS) {
      this.#unknownKeyAt = now;
      await this.#fetch();
    }
    return this.#usable();
  }

  #isDue(): boolean {
    const now = this.#ticks();
    if (this.#failedAt === undefined && now - this.#fetchedAt < MAX_AGE_MS) return false;
    return this.#fetching !== undefined || now - (this.#failedAt ?? -Infinity) >= RETRY_MS;
  }

  #isUsable(): boolean {
    return this.#ticks() - this.#fetchedAt < KEPT_MS;
  }

  #usable(): KeySet {
    if (this.#keySet && this.#isUsable()) return this.#keySet;
    throw new GatewayError("keys_unavailable", this.#failure);
  }

  #fetch(): Promise<void> {
    return (this.#fetching ??= this.#fetchOnce().finally(() => {
      this.#fetching = undefined;
    }));
  }

  async #fetchOnce(): Promise<void> {
    const { algorithms, fetchKeySet, onFailure } = this.#options;
    const startedAt = this.#ticks();
    try {
      this.#keySet = await parseKeySet(await fetchKeySet(), algorithms);
      this.#fetchedAt = startedAt;
      this.#failedAt = undefined;
    } catch (error) {
      this.#failedAt = this.#ticks();
      this.#failure = reasonOf(error);
      onFailure?.(this.#failure);
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof GatewayError ? (error.reason ?? error.code) : "it is not a JWK Set";
}
