/** Which browsers' pages may call, in the terms of the Fetch standard. */
export interface CorsPolicy {
  /** Exact origins. Default: any. */
  origins?: readonly string[];
  /** Methods that a preflight is granted. Default: any. */
  methods?: readonly string[];
  /** Headers that a preflight is granted. Default: the ones that the browser asked for. */
  headers?: readonly string[];
  /** Headers of the answer that a page may read. Default: all. */
  expose?: readonly string[];
}

const MAX_AGE_SECONDS = "600";

/** Whether a request is a CORS preflight: https://fetch.spec.whatwg.org/#cors-preflight-request */
export function isPreflight(request: Request): boolean {
  return (
    request.method === "OPTIONS" &&
    request.headers.has("origin") &&
    request.headers.has("access-control-request-method")
  );
}

/**
 * Answers a preflight. Credentials are never allowed: what a signed URL grants, it grants alone.
 *
 * @param request a preflight
 * @param policy the operator's
 */
export function preflightResponse({ headers: asked }: Request, policy: CorsPolicy): Response {
  const headers = new Headers({
    "Access-Control-Allow-Methods":
      policy.methods?.join(", ") ?? asked.get("access-control-request-method")!,
    "Access-Control-Max-Age": MAX_AGE_SECONDS,
  });
  // A `*` would not cover Authorization, so the headers are named.
  const names = policy.headers?.join(", ") ?? asked.get("access-control-request-headers");
  if (names) headers.set("Access-Control-Allow-Headers", names);
  return new Response(null, { status: 204, headers });
}

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
