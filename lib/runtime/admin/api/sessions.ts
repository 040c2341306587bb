import { createHash, randomBytes } from "node:crypto";

const LIFE_MS = 12 * 3_600_000;
const MOST = 100;

/** The sessions of operators in browsers. They end with the process. */
export class Sessions {
  readonly #now: () => number;
  /** The hashes of their keys, and when they end. */
  readonly #ends = new Map<string, number>();

  /** @param now a clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Begins a session, and returns its key. */
  begin(): string {
    const key = randomBytes(32).toString("base64url");
    this.#ends.set(hashOf(key), this.#now() + LIFE_MS);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > MOST && oldest !== undefined) this.#ends.delete(oldest);
    return key;
  }

  /** Whether a key is that of a session. */
  has(key: string): boolean {
    return (this.#ends.get(hashOf(key)) ?? 0) > this.#now();
  }

  /** Ends a session. */
  end(key: string): void {
    this.#ends.delete(hashOf(key));
  }
}

// What a lookup takes tells nothing of a key.
function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("base64url");
}
