import type { GatewayError } from "../../gateway/problem/gateway_error.ts";
import { failureReason } from "../http/failure_reason.ts";
import { refusal } from "./credential_request.ts";

/** A credential that was fetched. */
export interface FetchedCredential<Value> {
  value: Value;
  /** When it expires, in milliseconds since the epoch. */
  expiresAt: number;
}

/** Settings of {@link KeptCredential}. */
export interface KeptCredentialOptions<Value> {
  /** Fetches it. It ends within a time of its own, and rejects with an error whose reason may be logged. */
  fetch: () => Promise<FetchedCredential<Value>>;
  /** The current time in milliseconds since the epoch. */
  now: () => number;
  /** Receives the reason when it could not be fetched. */
  onFailure: (reason: string) => void;
}

/** The pause after a failed attempt, however many requests wait. */
const RETRY_MS = 1000;

/** It is fetched again this long before it expires, or when a quarter of its life is left if that is less. */
const AHEAD_MS = 300_000;
const AHEAD_PART = 0.25;

/** The longest pause between two attempts ahead of the expiry, after which the same credential may have come again. */
const AHEAD_PAUSE_MS = 30_000;

/** A credential that is younger is not dropped when an upstream refuses it, and none is dropped more often than this. */
const REFUSED_MS = 60_000;

/** A credential that expires: it is fetched when it is needed, shared by all requests, and fetched again ahead. */
export class KeptCredential<Value> {
  readonly #options: KeptCredentialOptions<Value>;
  #kept: (FetchedCredential<Value> & { fetchedAt: number }) | undefined;
  #fetching: Promise<Value> | undefined;
  #attemptedAt = -Infinity;
  #droppedAt = -Infinity;
  #failure = "";

  /** @param options how it is fetched, and the clock */
  constructor(options: KeptCredentialOptions<Value>) {
    this.#options = options;
  }

  /**
   * Returns the credential, and begins to fetch the next one when it is about to expire.
   *
   * @returns a promise when it has to be fetched first. All who wait share one fetch
   * @throws GatewayError `credential_unavailable`, also when the last attempt has just failed
   */
  get(): Value | Promise<Value> {
    const now = this.#options.now();
    const kept = this.#kept;
    if (kept && kept.expiresAt > now) {
      // The valid one is returned at once, whether or not the next one comes.
      if (this.#isDue(kept, now)) this.#fetch().catch(() => {});
      return kept.value;
    }
    if (!this.#fetching && isWithin(RETRY_MS, this.#attemptedAt, now)) throw this.#unavailable();
    return this.#fetch();
  }

  /**
   * Drops the credential because an upstream has refused it: the next request fetches another one. It is kept when it
   * is younger than 60 seconds, or one was dropped less than 60 seconds ago.
   *
   * @param value that was refused
   */
  refused(value: Value): void {
    const now = this.#options.now();
    const kept = this.#kept;
    if (kept?.value !== value || isWithin(REFUSED_MS, kept.fetchedAt, now)) return;
    if (isWithin(REFUSED_MS, this.#droppedAt, now)) return;
    this.#droppedAt = now;
    this.#kept = undefined;
  }

  #isDue({ fetchedAt, expiresAt }: FetchedCredential<Value> & { fetchedAt: number }, now: number) {
    const ahead = Math.min(AHEAD_MS, (expiresAt - fetchedAt) * AHEAD_PART);
    const pause = Math.max(RETRY_MS, Math.min(AHEAD_PAUSE_MS, ahead / 10));
    return expiresAt - now <= ahead && !isWithin(pause, this.#attemptedAt, now);
  }

  #fetch(): Promise<Value> {
    return (this.#fetching ??= this.#fetchOnce().finally(() => {
      this.#fetching = undefined;
    }));
  }

  async #fetchOnce(): Promise<Value> {
    const { fetch, now, onFailure } = this.#options;
    this.#attemptedAt = now();
    try {
      const fetched = await fetch();
      if (!(fetched.expiresAt > now())) throw refusal("it has expired already");
      this.#kept = { ...fetched, fetchedAt: this.#attemptedAt };
      this.#attemptedAt = now();
      this.#failure = "the last one has expired or was refused";
      return fetched.value;
    } catch (error) {
      // Measured from the end, so that a slow endpoint is not asked without a pause.
      this.#attemptedAt = now();
      this.#failure = failureReason(error, "it cannot be read");
      onFailure(this.#failure);
      throw this.#unavailable();
    }
  }

  #unavailable(): GatewayError {
    return refusal(this.#failure);
  }
}

/** Whether it is less than so many milliseconds since a time. A time to come was noted before the clock was set back. */
function isWithin(ms: number, since: number, now: number): boolean {
  return now >= since && now - since < ms;
}
