import type { CorsPolicy } from "../model/cors_policy.ts";

// A `*` covers them; a list of the operator's has them too.
const ALWAYS_EXPOSED = ["X-Sw-Problem", "X-Sw-Request-Id"];

/**
 * Says whether the page that asked may read the response.
 *
 * @param headers the outbound response's; edited in place
 * @param request the inbound request
 * @param policy the operator's
 */
export function addCorsHeaders(headers: Headers, request: Request, policy: CorsPolicy): void {
  const origin = request.headers.get("origin");
  const exposed = policy.expose ? [...policy.expose, ...ALWAYS_EXPOSED].join(", ") : "*";
  headers.set("Access-Control-Expose-Headers", exposed);
  if (!policy.origins) {
    headers.set("Access-Control-Allow-Origin", "*");
    return;
  }
  headers.append("Vary", "Origin");
  if (origin && policy.origins.includes(origin)) {
    headers.set("Access-Control-Allow-Origin", origin);
  }
}
