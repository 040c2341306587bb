import { isPresigned } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Authenticator, Claim, OwnTokens } from "./authenticator.ts";

/** The authenticators of a gateway. */
export interface Authenticators {
  signedUrl: Authenticator;
  token: Authenticator;
  /** Absent: the gateway has no routes. */
  signedHeader?: Authenticator;
}

/**
 * Chooses the authenticator of a request. A token of this gateway and a signed URL are recognized on any
 * path. All other requests belong to routes, if the gateway has any.
 *
 * @param inbound the request
 * @param tokens the tokens of this gateway in the request
 * @param authenticators the authenticators of the gateway
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function chooseScheme(
  { target }: InboundRequest,
  tokens: OwnTokens | undefined,
  { signedUrl, token, signedHeader }: Authenticators,
): Authenticator {
  if (tokens) return token;
  return signedHeader && !isPresigned(target.query) ? signedHeader : signedUrl;
}

/**
 * Whether a request is for an upstream: it carries a token of this gateway, it is a signed URL, well formed
 * or not, or it belongs to a route.
 *
 * @param inbound the request
 * @param claim the claim of the request
 * @param authenticators the authenticators of the gateway
 * @throws GatewayError `request_malformed`, `url_too_long`, `path_ambiguous`
 */
export function isForUpstream(
  inbound: InboundRequest,
  claim: Claim,
  { signedHeader }: Authenticators,
): boolean {
  if (claim.tokens || isPresigned(inbound.target.query)) return true;
  try {
    return signedHeader?.lookUp(inbound, claim) !== undefined;
  } catch (error) {
    if (error instanceof GatewayError && error.code === "route_unknown") return false;
    throw error;
  }
}
