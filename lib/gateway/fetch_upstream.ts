import type { AuthorizedTarget } from "./model/grant.ts";
import type { GatewayError } from "./problem/gateway_error.ts";

/** The request that goes to the upstream. */
export interface OutboundRequest {
  method: string;
  headers: Headers;
  body: BodyInit | null;
  signal: AbortSignal;
}

/**
 * Sends a request to an upstream. It follows no redirect, decompresses nothing, retries nothing, and
 * takes no proxy from the environment. It rejects with a GatewayError: `upstream_unreachable` when no
 * connection was made, so that the upstream got nothing, `upstream_broken` otherwise.
 *
 * @param target the URL to call
 * @param request the outbound request
 * @param abort aborts the request, because a connection takes too long, and tells whether the upstream may have got
 *   the request. Its reason is reported instead of the error that follows.
 */
export type FetchUpstream = (
  target: AuthorizedTarget,
  request: OutboundRequest,
  abort: (reason: GatewayError, mayBeSent: boolean) => void,
) => Promise<Response>;
