import ipaddr from "ipaddr.js";
import type { AddressRange, GrantedTarget, TokenPermits } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { GatewayError } from "../problem/gateway_error.ts";
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
  if (ips && !ips.some((range) => isInside(client.remoteAddress, range))) {
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

function isInside(text: string | undefined, { address, bits }: AddressRange): boolean {
  // An address with a zone is a link-local one of IPv6. No range names a zone.
  if (text === undefined || !ipaddr.isValid(text)) return false;
  const client = ipaddr.process(text);
  const range = ipaddr.process(address);
  if (client.kind() !== range.kind()) return false;
  // RFC 4291, section 2.5.5.2: the last 32 bits of an IPv4-mapped address are the address.
  const isMapped = range.kind() === "ipv4" && address.includes(":");
  return bits >= (isMapped ? 96 : 0) && client.match(range, isMapped ? bits - 96 : bits);
}
