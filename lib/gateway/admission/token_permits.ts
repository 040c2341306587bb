import type { GrantedTarget, TokenPermits } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { isInRange } from "./address_range.ts";
import { hasHiddenDotSegment } from "./match_rule.ts";

/**
 * Checks the origin of the page and the address of the client against a token.
 *
 * @param permits what the token grants
 * @param inbound the request
 * @throws GatewayError `origin_not_granted`, `address_not_granted`
 */
export function assertCallerGranted(
  { origins, ips }: TokenPermits,
  { request, client }: InboundRequest,
): void {
  if (origins && !origins.includes(request.headers.get("origin") ?? "")) {
    throw new GatewayError("origin_not_granted");
  }
  if (!ips) return;
  const address = client.remoteAddress;
  if (address === undefined || !ips.some((range) => isInRange(address, range))) {
    throw new GatewayError("address_not_granted");
  }
}

/**
 * Checks a target against a token.
 *
 * @param permits what the token grants
 * @param method of the request
 * @param url the target
 * @throws GatewayError `target_not_granted`
 */
export function assertTargetGranted({ to }: TokenPermits, method: string, url: URL): void {
  if (to && !to.some((granted) => isGranted(granted, method, url))) {
    throw new GatewayError("target_not_granted");
  }
}

function isGranted({ methods, origin, path }: GrantedTarget, method: string, url: URL): boolean {
  if (origin !== url.origin || methods?.includes(method) === false) return false;
  if (!path.endsWith("/")) return url.pathname === path;
  return url.pathname.startsWith(path) && (path === "/" || !hasHiddenDotSegment(url.pathname));
}
