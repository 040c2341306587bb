import ipaddr from "ipaddr.js";

const MINUTE_MS = 60_000;
const MOST_TRIES = 5;

// So many addresses at once are an attack. The oldest minute is forgotten.
const MOST_ADDRESSES = 10_000;

/** Counts wrong tokens by address, or network of 64 bits for IPv6, in minutes that begin with the first of them. */
export class WrongTries {
  readonly #now: () => number;
  readonly #tries = new Map<string, { count: number; until: number }>();

  /** @param now a clock in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * How long an address may not try any more, in milliseconds; 0 when it may.
   *
   * @param address of the client
   */
  wait(address: string): number {
    const tries = this.#tries.get(sourceOf(address));
    if (!tries || tries.count < MOST_TRIES) return 0;
    return Math.max(0, tries.until - this.#now());
  }

  /**
   * Counts a wrong token.
   *
   * @param address of the client
   */
  add(address: string): void {
    const now = this.#now();
    const source = sourceOf(address);
    const tries = this.#tries.get(source);
    if (tries && tries.until > now) return void tries.count++;
    this.#tries.delete(source);
    this.#tries.set(source, { count: 1, until: now + MINUTE_MS });
    const [oldest] = this.#tries.keys();
    if (this.#tries.size > MOST_ADDRESSES && oldest !== undefined) this.#tries.delete(oldest);
  }
}

/** A machine with IPv6 can take any address of its network. */
function sourceOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === "ipv6" ? parsed.toByteArray().slice(0, 8).join() : parsed.toString();
}
