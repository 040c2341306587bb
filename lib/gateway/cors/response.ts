import type { CorsPolicy } from "../model/cors_policy.ts";

/**
 * Says whether the page that asked may read the response.
 *
 * @param headers the outbound response's; edited in place
 * @param request the inbound request
 * @param policy the operator's
 */
export function addCorsHeaders(headers: Headers, request: Request, policy: CorsPolicy): void {
  const origin = request.headers.get("origin");
  headers.set("Access-Control-Expose-Headers", policy.expose?.join(", ") ?? "*");
  if (!policy.origins) {
    headers.set("Access-Control-Allow-Origin", "*");
    return;
  }
  headers.append("Vary", "Origin");
  if (origin && policy.origins.includes(origin)) {
    headers.set("Access-Control-Allow-Origin", origin);
  }
}
