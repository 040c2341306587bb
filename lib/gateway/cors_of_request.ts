import { isPresigned } from "../signing/verify.ts";
import type { AdmissionControl } from "./admission/admission.ts";
import { isPreflight, preflightPolicy } from "./cors/preflight.ts";
import type { InboundRequest } from "./inbound.ts";
import type { Principal } from "./model/app.ts";
import type { CorsPolicy } from "./model/cors_policy.ts";
import { isRoute } from "./model/route.ts";

/** The parts of {@link corsPolicy}. */
export interface CorsParts {
  admission: Pick<AdmissionControl, "claims">;
  /** The CORS policy of apps and routes that have none. */
  cors: CorsPolicy;
  /** The CORS policies of all apps, for preflights that name no app. */
  appPolicies: () => Iterable<CorsPolicy>;
}

/**
 * The CORS policy of the app or route that a request names, verified or not.
 *
 * @param parts the policies, and what finds the app
 * @param inbound the request
 * @returns a promise while the app is looked up
 */
export function corsPolicy(
  parts: CorsParts,
  inbound: InboundRequest,
): CorsPolicy | Promise<CorsPolicy> {
  const claims = parts.admission.claims(inbound);
  return claims instanceof Promise
    ? policyOfLookedUp(parts, inbound, claims)
    : policyOf(parts, inbound, claims);
}

async function policyOfLookedUp(
  parts: CorsParts,
  inbound: InboundRequest,
  claims: Promise<Principal | undefined>,
): Promise<CorsPolicy> {
  return policyOf(parts, inbound, await claims);
}

function policyOf(
  { cors, appPolicies }: CorsParts,
  inbound: InboundRequest,
  principal: Principal | undefined,
): CorsPolicy {
  const { request } = inbound;
  const policy = principal?.cors ?? cors;
  if (!isPreflight(request) || isSignedUrl(inbound)) return policy;
  // Requests with a token may have any path. A route with a path of its own decides about it alone.
  if (principal && !(isRoute(principal) && principal.path === "/")) return policy;
  return preflightPolicy(request, policy, appPolicies());
}

function isSignedUrl(inbound: InboundRequest): boolean {
  try {
    return isPresigned(inbound.target.query);
  } catch {
    // A target that is malformed is for no app.
    return true;
  }
}
