import { lookup } from "node:dns/promises";
import type { Resolve } from "../../gateway/admission/authorize.ts";

const TTL_MS = 10_000;
const LIMIT = 1024;

/**
 * Makes the look-up of names through the system's resolver, each answer kept for ten seconds.
 *
 * @param now the current time in milliseconds
 */
export function createResolve(now: () => number = Date.now): Resolve {
  const answers = new Map<string, { until: number; addresses: Promise<string[]> }>();
  return (hostname) => {
    const known = answers.get(hostname);
    if (known && known.until > now()) return known.addresses;
    const addresses = lookup(hostname, { all: true }).then((all) => all.map((a) => a.address));
    addresses.catch(() => answers.delete(hostname));
    answers.delete(hostname);
    answers.set(hostname, { until: now() + TTL_MS, addresses });
    if (answers.size > LIMIT) answers.delete(answers.keys().next().value!);
    return addresses;
  };
}
