import type { Policy, TokenPermits } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { combineLimits, type CounterLimits } from "../model/counter_limits.ts";
import type { Grant } from "../model/grant.ts";
import type { Permits } from "../model/permits.ts";
import type { NamedPolicy, PolicyLayer } from "../model/policy.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Sources } from "./authenticator.ts";
import {
  assertCallerGranted,
  assertTargetGranted,
  namesMethod,
  type RequestedTarget,
} from "./token_permits.ts";

const NONE: readonly NamedPolicy[] = [];

/**
 * The policies that a token names, followed by the policies of its app.
 *
 * @param names from the token
 * @param ofApp the policies of the app. Default: none
 * @param findPolicy finds a policy by its name. Default: there is none
 * @throws GatewayError `policy_unknown`
 */
export function tokenPolicies(
  names: readonly string[] | undefined,
  ofApp: readonly NamedPolicy[] = NONE,
  findPolicy?: Sources["findPolicy"],
): readonly NamedPolicy[] {
  if (!names) return ofApp;
  const named = [...new Set(names)].map((name) => {
    const policy = findPolicy?.(name);
    if (!policy) throw new GatewayError("policy_unknown");
    return policy;
  });
  return [...named, ...ofApp];
}

/**
 * Checks the origin of the page and the address of the client against policies.
 *
 * @throws GatewayError `origin_not_granted`, `address_not_granted`
 */
export function assertCallerAllowed(
  policies: readonly NamedPolicy[],
  inbound: InboundRequest,
): void {
  for (const policy of policies) assertCallerGranted(policy, inbound, sourceOf(policy));
}

/**
 * Checks a target against policies.
 *
 * @throws GatewayError `target_not_granted`
 */
export function assertTargetAllowed(
  policies: readonly NamedPolicy[],
  requested: RequestedTarget,
): void {
  for (const policy of policies) assertTargetGranted(policy, requested, sourceOf(policy));
}

function sourceOf({ name }: NamedPolicy): string {
  return `of the policy ${name}`;
}

/**
 * The limits of a request under a token and policies, in addition to the limits of its caller and target.
 *
 * @param sources the token's own limits and policies, in the order in which they apply
 * @param requested the target
 * @returns the shortest `seconds`, what the request may say, and what counts
 */
export function permitsUnder(
  sources: readonly (TokenPermits | NamedPolicy)[],
  requested: RequestedTarget,
): Pick<Permits, "seconds" | "policies" | "limits" | "onAbort"> {
  const permits: Pick<Permits, "seconds" | "policies" | "limits" | "onAbort"> = {};
  const policies: PolicyLayer[] = [];
  const limits: CounterLimits[] = [];
  for (const source of sources) {
    const { seconds = Infinity } = source;
    if (seconds < (permits.seconds ?? Infinity)) permits.seconds = seconds;
    if (source.policy) policies.push(layerOf(source, source.policy, requested));
    if (source.limits) limits.push(source.limits);
    // The operator's policies come last, and decide.
    if (source.onAbort) permits.onAbort = source.onAbort;
  }
  if (policies.length > 0) permits.policies = policies;
  const combined = combineLimits(limits);
  if (combined) permits.limits = combined;
  return permits;
}

function layerOf(
  source: TokenPermits | NamedPolicy,
  policy: Policy,
  requested: RequestedTarget,
): PolicyLayer {
  const layer = { policy, mayLackBody: mayLackBody(source, requested) };
  return "name" in source ? { ...layer, name: source.name } : layer;
}

function mayLackBody(permits: TokenPermits, requested: RequestedTarget): boolean {
  const { method } = requested;
  return (method === "GET" || method === "HEAD") && namesMethod(permits, requested);
}

/**
 * Applies the policies of the rule that allows a request, and its `onAbort`, which come last.
 *
 * @param grant of the request
 * @param rule of its target
 * @param inbound the request
 * @returns the narrowed grant; the same one when the rule has neither
 * @throws GatewayError `origin_not_granted`, `address_not_granted`, `target_not_granted`
 */
export function narrowByRule(grant: Grant, rule: UpstreamRule, inbound: InboundRequest): Grant {
  const { policies, onAbort } = rule;
  if (!policies && !onAbort) return grant;
  const { permits } = policies ? narrowByPolicies(grant, policies, inbound) : grant;
  return { ...grant, permits: onAbort ? { ...permits, onAbort } : permits };
}

function narrowByPolicies(
  grant: Grant,
  policies: readonly NamedPolicy[],
  inbound: InboundRequest,
): Grant {
  const requested = { method: inbound.request.method, url: grant.target };
  assertCallerAllowed(policies, inbound);
  assertTargetAllowed(policies, requested);
  const { seconds = Infinity, policies: before = [], ...others } = grant.permits;
  const { limits, onAbort } = others;
  const ofRule = permitsUnder(policies, requested);
  const shortest = Math.min(seconds, ofRule.seconds ?? Infinity);
  const all = [...before, ...(ofRule.policies ?? [])];
  const combined = combineLimits([limits, ofRule.limits].filter((it) => it !== undefined));
  const abort = ofRule.onAbort ?? onAbort;
  return {
    ...grant,
    permits: {
      ...others,
      ...(shortest < Infinity && { seconds: shortest }),
      ...(all.length > 0 && { policies: all }),
      ...(combined && { limits: combined }),
      ...(abort && { onAbort: abort }),
    },
  };
}
