import type { GrantedTarget, TokenPermits } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { GatewayError, type GatewayErrorDetails } from "../problem/gateway_error.ts";
import { isInRange } from "./address_range.ts";
import { differingPart } from "./differing_part.ts";
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
    throw new GatewayError("origin_not_granted", source, faultOf("sw.origins", source));
  }
  if (!ips) return;
  const address = client.remoteAddress;
  if (address === undefined || !ips.some((range) => isInRange(address, range))) {
    throw new GatewayError("address_not_granted", source, faultOf("sw.ips", source));
  }
}

/** The claim that is at fault, unless a policy is. */
function faultOf(claim: string, source: string | undefined): GatewayErrorDetails {
  return source === undefined ? { claim } : {};
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
  if (!to || to.some((granted) => isGranted(granted, method, url))) return;
  const candidates = to.map((granted) => ({
    url: new URL(granted.origin + granted.path),
    isAtFault: !isGrantedUrl(granted, url),
  }));
  const part = differingPart(candidates, url);
  const reason = `${source ?? "no target of the token matches"}: different ${part}`;
  const details = { ...faultOf("sw.to", source), upstream: url.origin };
  throw new GatewayError("target_not_granted", reason, details);
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

function isGranted(granted: GrantedTarget, method: string, url: URL): boolean {
  return granted.methods?.includes(method) !== false && isGrantedUrl(granted, url);
}

// A target has no user and no fragment, so that its text begins with origin and path.
function isGrantedUrl({ origin, path }: GrantedTarget, { href, pathname }: URL): boolean {
  if (!href.startsWith(origin + path)) return false;
  if (!path.endsWith("/")) return pathname === path;
  return path === "/" || !hasHiddenDotSegment(pathname);
}
