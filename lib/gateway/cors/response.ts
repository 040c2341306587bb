import type { CorsPolicy } from "../model/cors_policy.ts";

/**
 * Says whether the page that asked may read the response.
 *
 * @param headers the outbound response's; edited in place
 * @param origin the request's `Origin`
 * @param policy the operator's
 */
export function addCorsHeaders(headers: Headers, origin: string | null, policy: CorsPolicy): void {
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
