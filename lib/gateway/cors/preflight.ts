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

/**
 * Why the browser will not send the request that a preflight asks for. The browser tells it only in the page's
 * console.
 *
 * @param request the preflight
 * @param policy the CORS policy of the app, the route or the gateway
 * @returns a text for the log; `undefined` when the request is allowed
 */
export function preflightRefusal(
  { headers: asked }: Request,
  { origins, methods, headers: allowed }: CorsPolicy,
): string | undefined {
  if (origins && !origins.includes(asked.get("origin") ?? "")) return "origin not allowed";
  const method = asked.get("access-control-request-method") ?? "";
  // A page may always send these (https://fetch.spec.whatwg.org/#cors-safelisted-method).
  const isMethodSafe = ["GET", "HEAD", "POST"].includes(method);
  if (methods && !isMethodSafe && !methods.includes(method)) return "method not allowed";
  if (!allowed) return undefined;
  const known = new Set(allowed.map((name) => name.toLowerCase()));
  const names = (asked.get("access-control-request-headers") ?? "").split(",");
  const isKnown = names.every((name) => name.trim() === "" || known.has(name.trim().toLowerCase()));
  return isKnown ? undefined : "header not allowed";
}

/**
 * Chooses the policy for a preflight. The browser sends no token with it, so it may be for any app.
 *
 * @param request the preflight
 * @param own the policy of the app or route that the request names, or the gateway's
 * @param others the policies of all apps
 * @returns the first one that grants the origin, or `own`
 */
export function preflightPolicy(
  { headers }: Request,
  own: CorsPolicy,
  others: Iterable<CorsPolicy>,
): CorsPolicy {
  const origin = headers.get("origin") ?? "";
  const grants = ({ origins }: CorsPolicy) => origins?.includes(origin) ?? true;
  if (grants(own)) return own;
  for (const policy of others) if (grants(policy)) return policy;
  return own;
}
