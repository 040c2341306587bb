import type { CorsPolicy } from "../model/cors_policy.ts";

// `*` includes them. They are added to a list of the operator.
const ALWAYS_EXPOSED = [
  "X-Sw-Edited",
  "X-Sw-Problem",
  "X-Sw-Request-Id",
  "X-Should-Retry",
  "Retry-After",
  "Retry-After-Ms",
  "RateLimit",
  "RateLimit-Policy",
  "WWW-Authenticate",
];

/**
 * Adds the CORS headers, by which the browser decides whether a page may read the response.
 *
 * @param headers the headers of the outbound response; edited in place
 * @param request the inbound request
 * @param policy the CORS policy of the app, the route or the gateway
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
