import type { InboundRequest } from "../inbound.ts";
import type { Principal } from "../model/app.ts";
import type { Claim } from "./authenticator.ts";

/** The claims of the requests that are being processed. */
export interface Claims {
  /**
   * Returns the claim of a request, always the same object.
   *
   * @returns a promise when an app has to be looked up to know the scheme
   * @throws GatewayError when the request's target is malformed
   */
  of: (inbound: InboundRequest) => Claim | Promise<Claim>;
  /**
   * Returns the app or route that a request names, unverified. It is looked up at most once for each
   * request.
   *
   * @returns `undefined` when the request names no existing app or route; it never throws
   */
  principalOf: (inbound: InboundRequest) => Principal | undefined | Promise<Principal | undefined>;
}

/**
 * Creates the store of claims.
 *
 * @param begin creates the claim of a request: it chooses the authenticator
 */
export function createClaims(begin: (inbound: InboundRequest) => Claim | Promise<Claim>): Claims {
  const claims = new WeakMap<InboundRequest, Claim | Promise<Claim>>();

  function of(inbound: InboundRequest): Claim | Promise<Claim> {
    const known = claims.get(inbound);
    if (known) return known;
    const claim = begin(inbound);
    claims.set(inbound, claim);
    return claim instanceof Promise ? settled(inbound, claim) : claim;
  }

  async function settled(inbound: InboundRequest, pending: Promise<Claim>): Promise<Claim> {
    const claim = await pending;
    claims.set(inbound, claim);
    return claim;
  }

  async function lookUp(inbound: InboundRequest): Promise<Principal | undefined> {
    let claim: Claim | undefined;
    try {
      claim = await of(inbound);
      if (claim.principal === undefined) {
        claim.principal = (await claim.authenticator.lookUp(inbound, claim)) ?? null;
      }
      return claim.principal ?? undefined;
    } catch {
      return undefined;
    } finally {
      if (claim && claim.principal === undefined) claim.principal = null;
    }
  }

  return {
    of,
    principalOf(inbound) {
      const claim = claims.get(inbound);
      const principal = claim instanceof Promise ? undefined : claim?.principal;
      return principal === undefined ? lookUp(inbound) : (principal ?? undefined);
    },
  };
}
