import { GatewayError } from "../problem/gateway_error.ts";

/**
 * Checks the status of a response. RFC 9110, section 15: a final status has three digits, the first of them 2 to 5.
 *
 * @param status the status
 * @throws GatewayError `upstream_broken`
 */
export function assertFinalStatus(status: number): void {
  if (status < 200 || status > 599) throw new GatewayError("upstream_broken", `status ${status}`);
}
