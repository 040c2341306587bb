import type { GrantedTarget, TokenPermits } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { isInRange } from "./address_range.ts";
import { hasHiddenDotSegment } from "./match_rule.ts";

/**
 * Checks the origin of the page and the address of the client against a token or a policy.
 *
 * @param permits what it grants
 * @param inbound the request
 * @param source where the limits are, for the log. Default: in the token
 * @throws GatewayError `origin_not_granted`, `address_not_granted`
 */
export function assertCallerGranted(
  { origins, ips }: TokenPermits,
  { request, client }: InboundRequest,
  source?: string,
): void {
  if (origins && !origins.includes(request.headers.get("origin") ?? "")) {
    throw new GatewayError("origin_not_granted", source);
  }
  if (!ips) return;
  const address = client.remoteAddress;
  if (address === undefined || !ips.some((range) => isInRange(address, range))) {
    throw new GatewayError("address_not_granted", source);
  }
}

/** The method of a request and its target. */
export interface RequestedTarget {
  method: string;
  url: URL;
}

/**
 * Checks a target against a token or a policy.
 *
 * @param permits what it grants
 * @param requested the target
 * @param source where the limits are, for the log. Default: in the token
 * @throws GatewayError `target_not_granted`
 */
export function assertTargetGranted(
  { to }: TokenPermits,
  { method, url }: RequestedTarget,
  source?: string,
): void {
  if (to && !to.some((granted) => isGranted(granted, method, url))) {
    throw new GatewayError("target_not_granted", source);
  }
}

/**
 * Whether `to` of a token or a policy names a target with the method of the request.
 *
 * @param permits what it grants
 * @param requested the target
 */
export function namesMethod({ to = [] }: TokenPermits, { method, url }: RequestedTarget): boolean {
  return to.some((granted) => granted.methods !== undefined && isGranted(granted, method, url));
}

function isGranted({ methods, origin, path }: GrantedTarget, method: string, url: URL): boolean {
  if (origin !== url.origin || methods?.includes(method) === false) return false;
  if (!path.endsWith("/")) return url.pathname === path;
  return url.pathname.startsWith(path) && (path === "/" || !hasHiddenDotSegment(url.pathname));
}
