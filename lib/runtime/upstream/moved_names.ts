import { isAddress } from "../../gateway/admission/public_address.ts";
import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import type { Resolver } from "./resolve.ts";

// The time for which the runtime keeps a resolved address, even if connections to it fail.
const KEPT_MS = 30_000;
const LIMIT = 1024;

/** A memory of upstreams whose names may have moved to another address. */
export interface MovedNames {
  /** Returns the target to connect to. It has an address if a connection to its name has failed lately. */
  locate: (target: AuthorizedTarget) => AuthorizedTarget | Promise<AuthorizedTarget>;
  /** Records a failed connection. The name of the target is looked up again. */
  doubt: (target: AuthorizedTarget) => void;
}

/**
 * Creates a memory of the names to which connections have failed. The runtime keeps using an address that it
 * has resolved, even if connections to it fail. Until it forgets the address, the gateway looks up the name.
 *
 * @param resolver looks up names
 * @param now returns the current time in milliseconds. Default: `Date.now`.
 * @returns an empty memory
 */
export function createMovedNames(
  { resolve, forget }: Resolver,
  now: () => number = Date.now,
): MovedNames {
  const doubtedUntil = new Map<string, number>();

  async function relocate(target: AuthorizedTarget): Promise<AuthorizedTarget> {
    const [address] = await resolve(target.url.hostname).catch(() => []);
    return address === undefined ? target : { ...target, address };
  }

  return {
    locate(target) {
      // A target with an address must be connected at exactly this address, which was checked.
      if (doubtedUntil.size === 0 || target.address !== undefined) return target;
      const { hostname } = target.url;
      const until = doubtedUntil.get(hostname);
      if (until === undefined) return target;
      if (until > now()) return relocate(target);
      doubtedUntil.delete(hostname);
      return target;
    },
    doubt({ url: { hostname } }) {
      if (isAddress(hostname)) return;
      forget(hostname);
      doubtedUntil.delete(hostname);
      doubtedUntil.set(hostname, now() + KEPT_MS);
      if (doubtedUntil.size > LIMIT) doubtedUntil.delete(doubtedUntil.keys().next().value!);
    },
  };
}
