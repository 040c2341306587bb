import { lookup } from "node:dns/promises";
import type { Resolve } from "../../gateway/admission/authorize.ts";

const TTL_MS = 10_000;
const LIMIT = 1024;

/** Looks up names, and remembers their addresses for a short time. */
export interface Resolver {
  /** Returns the addresses of a name. The first one is the one to try. */
  resolve: Resolve;
  /** Records a failed connection to a name. The next call looks it up again and puts its next address first. */
  forget: (hostname: string) => void;
}

interface Answer {
  until: number;
  addresses: Promise<readonly string[]>;
  /** The number of times that the name was forgotten, which selects the address that comes first. */
  turn: number;
}

/**
 * Creates a resolver that keeps the addresses of a name for 10 seconds.
 *
 * @param find looks up a name. Default: the system's resolver.
 * @param now returns the current time in milliseconds. Default: `Date.now`.
 * @returns a resolver without any addresses
 */
export function createResolver(
  find: Resolve = findAddresses,
  now: () => number = Date.now,
): Resolver {
  const answers = new Map<string, Answer>();

  function remember(hostname: string, answer: Answer): void {
    answers.delete(hostname);
    answers.set(hostname, answer);
    if (answers.size > LIMIT) answers.delete(answers.keys().next().value!);
  }

  return {
    resolve(hostname) {
      const known = answers.get(hostname);
      if (known && known.until > now()) return known.addresses;
      const turn = known?.turn ?? 0;
      const addresses = find(hostname).then((all) => rotated(all, turn));
      // Do not keep a failed look-up.
      addresses.catch(() => answers.delete(hostname));
      remember(hostname, { until: now() + TTL_MS, addresses, turn });
      return addresses;
    },
    forget(hostname) {
      const known = answers.get(hostname);
      // Several failures since the last look-up count as one.
      if (known?.until === 0) return;
      remember(hostname, {
        until: 0,
        addresses: Promise.resolve([]),
        turn: known ? known.turn + 1 : 0,
      });
    },
  };
}

async function findAddresses(hostname: string): Promise<string[]> {
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

function rotated(addresses: readonly string[], turn: number): readonly string[] {
  const first = turn % addresses.length;
  return first > 0 ? [...addresses.slice(first), ...addresses.slice(0, first)] : addresses;
}
