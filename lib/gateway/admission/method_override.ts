import type { InboundRequest } from "../inbound.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { decodeLeniently, splitParameter } from "./token_slots.ts";

// Underscores, because CGI and many frameworks read them as hyphens.
const OVERRIDING_HEADER = /^x[-_]http[-_]method/;
// What a name of them holds, escaped or not. Most queries have nothing of it.
const MAY_OVERRIDE = /[$%]|_method/i;
const OVERRIDING_PARAMETERS = ["_method", "$httpmethod", "$httpheaders", "$ct"];

/**
 * Refuses what some servers take for another method or other headers than those that were checked. Google's
 * APIs honour the parameters that begin with `$`.
 *
 * @param inbound the request
 * @throws GatewayError `override_refused`
 */
export function assertNoOverride({ request, target: { query } }: InboundRequest): void {
  for (const name of request.headers.keys()) {
    if (OVERRIDING_HEADER.test(name)) throw new GatewayError("override_refused");
  }
  if (!MAY_OVERRIDE.test(query)) return;
  for (const part of query.split("&")) {
    const name = decodeLeniently(splitParameter(part)[0]).toLowerCase();
    if (OVERRIDING_PARAMETERS.includes(name)) throw new GatewayError("override_refused");
  }
}
