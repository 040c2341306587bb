import { GatewayError } from "../problem/gateway_error.ts";

/**
 * Checks the status of a response. RFC 9110, section 15: a final status has three digits, the first of them 2 to 5. The
 * constructor of `Response` throws for any other.
 *
 * @param response the response
 * @param cancel aborted if the status is invalid
 * @throws GatewayError `upstream_broken`
 */
export function assertFinalStatus({ status }: Response, cancel: AbortController): void {
  if (status >= 200 && status <= 599) return;
  cancel.abort();
  throw new GatewayError("upstream_broken", `status ${status}`);
}
