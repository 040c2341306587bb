import type { UsageStore } from "../../../gateway/ledger/usage_store.ts";
import { type Noted, notedIn } from "./usage_note.ts";

/** Parts of {@link OthersUsage}. */
export interface OthersUsageParts {
  store: UsageStore;
  /** The name of this gateway. */
  gateway: string;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
}

// For how long notes that were read are good. Those of the past do not change any more.
const FRESH_MS = { failed: 1_000, current: 2_000, past: 600_000 };

/** The usage of a period as it was read, and until when it is good. */
interface Cached {
  until: number;
  noted: Promise<readonly Noted[] | undefined>;
}

/** The usage that the other gateways have noted. The store is read when somebody looks. */
export class OthersUsage {
  readonly #parts: OthersUsageParts;
  readonly #cache = new Map<string, Cached>();

  /** @param parts the store, and which gateway this is */
  constructor(parts: OthersUsageParts) {
    this.#parts = parts;
  }

  /**
   * Returns what each of the others has noted in a period.
   *
   * @param period the name of the period
   * @param back how many periods back; 0 is the current one
   * @returns `undefined` when the store cannot be reached
   */
  in(period: string, back: number): Promise<readonly Noted[] | undefined> {
    const now = this.#parts.now();
    for (const [name, { until }] of this.#cache) if (until <= now) this.#cache.delete(name);
    const found = this.#cache.get(period);
    if (found) return found.noted;
    const noted = this.#read(period);
    const cached = { until: now + (back > 1 ? FRESH_MS.past : FRESH_MS.current), noted };
    this.#cache.set(period, cached);
    void noted.then((all) => {
      if (!all) cached.until = now + FRESH_MS.failed;
    });
    return noted;
  }

  async #read(period: string): Promise<readonly Noted[] | undefined> {
    const { store, gateway: own } = this.#parts;
    try {
      const texts = Object.entries(await store.read(period));
      return texts.filter(([gateway]) => gateway !== own).map(([, text]) => notedIn(text));
    } catch {
      return undefined;
    }
  }
}
