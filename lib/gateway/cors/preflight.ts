import type { CorsPolicy } from "../model/cors_policy.ts";

const MAX_AGE_SECONDS = "600";
const ALL_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** Whether a request is a CORS preflight: https://fetch.spec.whatwg.org/#cors-preflight-request */
export function isPreflight(request: Request): boolean {
  return (
    request.method === "OPTIONS" &&
    request.headers.has("origin") &&
    request.headers.has("access-control-request-method")
  );
}

/**
 * Creates the response to a preflight, or to another OPTIONS request that is for no upstream. It never
 * allows credentials, because a signed URL needs none.
 *
 * @param request a request with the method OPTIONS
 * @param policy the CORS policy of the app, the route or the gateway
 */
export function preflightResponse({ headers: asked }: Request, policy: CorsPolicy): Response {
  const headers = new Headers({
    "Access-Control-Allow-Methods":
      policy.methods?.join(", ") ?? asked.get("access-control-request-method") ?? ALL_METHODS,
    "Access-Control-Max-Age": MAX_AGE_SECONDS,
  });
  // A `*` would not cover Authorization, so the headers are named.
  const names = policy.headers?.join(", ") ?? asked.get("access-control-request-headers");
  if (names) headers.set("Access-Control-Allow-Headers", names);
  return new Response(null, { status: 204, headers });
}
