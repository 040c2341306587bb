import { isPresigned } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import type { Authenticator } from "./authenticator.ts";

/** The authenticators of a gateway. */
export interface Authenticators {
  signedUrl: Authenticator;
  /** Absent: the gateway has no routes. */
  signedHeader?: Authenticator;
}

/**
 * Chooses the authenticator of a request. A signed URL is one wherever it arrives; any other request
 * belongs to a route, if the gateway has routes.
 *
 * @param inbound the request
 * @param authenticators the gateway's
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function chooseScheme(
  { target }: InboundRequest,
  { signedUrl, signedHeader }: Authenticators,
): Authenticator {
  return signedHeader && !isPresigned(target.query) ? signedHeader : signedUrl;
}
