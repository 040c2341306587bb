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
 * connection was made, `upstream_broken` otherwise.
 *
 * @param target where to
 * @param request what is sent
 * @param abort ends the request, for a reason that is reported instead of the error that follows
 */
export type FetchUpstream = (
  target: AuthorizedTarget,
  request: OutboundRequest,
  abort: (reason: GatewayError) => void,
) => Promise<Response>;
