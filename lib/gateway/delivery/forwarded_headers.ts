import type { InboundRequest } from "../inbound.ts";
import type { InjectedHeader } from "../model/rule.ts";

/**
 * The headers by which a reverse proxy tells an upstream about the client.
 *
 * @param inbound the request and its client
 */
export function forwardedHeaders({ request, client }: InboundRequest): InjectedHeader[] {
  const { headers } = request;
  const { protocol, host } = new URL(request.url);
  const { forwardedFor = headers.get("x-forwarded-for"), remoteAddress } = client;
  const hops = [forwardedFor, remoteAddress].filter(Boolean);
  return [
    ...(hops.length > 0 ? [["X-Forwarded-For", hops.join(", ")] as const] : []),
    ["X-Forwarded-Proto", protocol.slice(0, -1)],
    ["X-Forwarded-Host", headers.get("host") ?? host],
  ];
}
