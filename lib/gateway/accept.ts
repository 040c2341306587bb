import type { AdmissionControl } from "./admission/admission.ts";
import { assertBodyAllowed } from "./body/request_body.ts";
import type { UploadLimits } from "./body/upload_limits.ts";
import type { InboundRequest } from "./inbound.ts";
import type { CheckedRequest } from "./model/checked_request.ts";
import { countsOf } from "./model/counts_of.ts";
import type { Admission } from "./model/grant.ts";
import { METHODS } from "./model/methods.ts";
import type { Phase } from "./model/phase.ts";
import type { ApplyPolicies } from "./policy/policies.ts";
import type { WatchUsage } from "./policy/watch_usage.ts";
import { GatewayError } from "./problem/gateway_error.ts";
import type { Exchange } from "./record/exchange.ts";

/** The steps of {@link accept}. */
export interface AcceptanceParts {
  admission: AdmissionControl;
  applyPolicies: ApplyPolicies;
  watchUsage: WatchUsage;
  uploadLimits: Pick<UploadLimits, "maxDuration">;
  refusal: { phase: () => Phase };
}

/** A request that may be delivered. */
export interface AcceptedRequest {
  admission: Admission;
  /** What policies and limits on usage made of it, and how its usage is read. Absent: none applies. */
  checked?: CheckedRequest;
}

const FORWARDED: ReadonlySet<string> = new Set(METHODS);

/**
 * Takes a request through admission and policy. Nothing is sent.
 *
 * @param parts the steps
 * @param inbound the request
 * @param exchange is told who sent it
 * @returns what may be delivered, or the response that `findApp` returned
 * @throws SignatureError, TokenError, PolicyError or GatewayError when the request is refused
 */
export async function accept(
  parts: AcceptanceParts,
  inbound: InboundRequest,
  exchange: Exchange,
): Promise<AcceptedRequest | Response> {
  assertServable(inbound.request, parts.refusal.phase());
  const admission = await parts.admission.admit(inbound, ({ principal, target, credential }) => {
    exchange.authenticated(principal.id, target, credential);
    exchange.trace?.admitted(principal, inbound.target.path);
  });
  if (admission instanceof Response) return admission;
  const { permits } = admission.grant;
  if (permits.policies || countsOf(admission)) {
    return await checkPolicies(parts, inbound, exchange, admission);
  }
  const watched = parts.watchUsage(inbound.request, admission.target);
  const checked = watched instanceof Promise ? await watched : watched;
  return checked ? { admission, checked } : { admission };
}

async function checkPolicies(
  { applyPolicies, uploadLimits }: AcceptanceParts,
  inbound: InboundRequest,
  exchange: Exchange,
  admission: Admission,
): Promise<AcceptedRequest> {
  const { policies, seconds } = admission.grant.permits;
  const counts = countsOf(admission);
  // The body counts until it is sent, or the exchange ends.
  exchange.onEnd(() => inbound.body.release());
  const lifetime = exchange.timeLeft(uploadLimits.maxDuration, seconds);
  const reading = { layers: policies ?? [], lifetime, ...(counts && { counts }) };
  return { admission, checked: await applyPolicies(inbound, admission, reading) };
}

/**
 * Checks that the gateway accepts requests, and such a request.
 *
 * @throws GatewayError `draining`, `method_not_allowed`, `body_unexpected`
 */
export function assertServable(request: Request, phase: Phase): void {
  if (phase !== "serving") throw new GatewayError("draining");
  if (!FORWARDED.has(request.method)) throw new GatewayError("method_not_allowed");
  assertBodyAllowed(request);
}
