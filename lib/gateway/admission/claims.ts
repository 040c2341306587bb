import type { InboundRequest } from "../inbound.ts";
import type { Principal } from "../model/app.ts";
import type { Authenticator, Claim } from "./authenticator.ts";

/** The claims of the requests that are being processed. */
export interface Claims {
  /**
   * Returns the claim of a request, always the same object.
   *
   * @throws GatewayError when the request's target is malformed
   */
  of: (inbound: InboundRequest) => Claim;
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
 * @param choose chooses the authenticator of a request
 */
export function createClaims(choose: (inbound: InboundRequest) => Authenticator): Claims {
  const claims = new WeakMap<InboundRequest, Claim>();

  function of(inbound: InboundRequest): Claim {
    let claim = claims.get(inbound);
    if (!claim) {
      claim = { authenticator: choose(inbound) };
      claims.set(inbound, claim);
    }
    return claim;
  }

  async function lookUp(inbound: InboundRequest): Promise<Principal | undefined> {
    let claim: Claim | undefined;
    try {
      claim = of(inbound);
      return await claim.authenticator.lookUp(inbound, claim);
    } catch {
      return undefined;
    } finally {
      if (claim && claim.principal === undefined) claim.principal = null;
    }
  }

  return {
    of,
    principalOf(inbound) {
      const principal = claims.get(inbound)?.principal;
      return principal === undefined ? lookUp(inbound) : (principal ?? undefined);
    },
  };
}
