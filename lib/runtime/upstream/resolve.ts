import { lookup } from "node:dns/promises";
import type { Resolve } from "../../gateway/admission/authorize.ts";

const TTL_MS = 10_000;
const LIMIT = 1024;

/** The look-up of names, and what is remembered of it. */
export interface Resolver {
  /** The addresses of a name; the one to try comes first. */
  resolve: Resolve;
  /** A connection to the name has failed: look it up again, and try its next address. */
  forget: (hostname: string) => void;
}

interface Answer {
  until: number;
  addresses: Promise<readonly string[]>;
  /** How often the name was forgotten, and so which address comes first. */
  turn: number;
}

/**
 * Makes the look-up of names, each answer kept for ten seconds.
 *
 * @param find looks a name up. Default: the system's resolver.
 * @param now the current time in milliseconds
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
      // A failure is not remembered.
      addresses.catch(() => answers.delete(hostname));
      remember(hostname, { until: now() + TTL_MS, addresses, turn });
      return addresses;
    },
    forget(hostname) {
      const known = answers.get(hostname);
      // Of the failures since the last look-up one counts.
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
