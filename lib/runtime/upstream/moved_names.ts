import { isAddress } from "../../gateway/admission/public_address.ts";
import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import type { Resolver } from "./resolve.ts";

// As long as the runtime keeps what it has resolved, whatever becomes of its connections.
const KEPT_MS = 30_000;
const LIMIT = 1024;

/** Names of upstreams that may have moved to another address. */
export interface MovedNames {
  /** Where to connect to: the target itself, or with an address if its name is in doubt. */
  locate: (target: AuthorizedTarget) => AuthorizedTarget | Promise<AuthorizedTarget>;
  /** A connection has failed: the name is looked up again. */
  doubt: (target: AuthorizedTarget) => void;
}

/**
 * Makes a memory of the names to which a connection has failed. The runtime goes on with the address
 * that it knows, also when that one is dead; so until it has forgotten it, the gateway looks the name up
 * itself.
 *
 * @param resolver looks names up
 * @param now the current time in milliseconds
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
      // An address that was checked stays the one that is connected to.
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
