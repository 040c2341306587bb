import { findAllowedRule } from "../../../gateway/admission/authorize.ts";
import { unfulfilledClaims } from "../../../gateway/admission/required_claims.ts";
import type { RequiredClaims } from "../../../gateway/model/app.ts";
import type { NamedPolicy } from "../../../gateway/model/policy.ts";
import type { UpstreamRule } from "../../../gateway/model/rule.ts";
import { GatewayError } from "../../../gateway/problem/gateway_error.ts";
import { type Cause, causeOf } from "../../../signing/explain/cause.ts";
import { repairToken } from "../../../signing/explain/token_form.ts";
import {
  type ExplainedToken,
  type Explanation,
  explainToken,
  type ExplainOptions,
  explainUrl,
  type TokenExplanation,
} from "../../../signing/explain.ts";
import { parseTarget } from "../../../signing/sw1/presigned_url.ts";
import { parseToken } from "../../../signing/verify.ts";
import type { KnownApp, KnownApps } from "./known_apps.ts";
import { causesOfProviders, causesOfSchema } from "./policy_causes.ts";
import { formatTarget } from "./format_target.ts";
import { unallowedTargets } from "./unallowed_targets.ts";

/**
 * Explains a signed URL with the secrets and limits of a gateway's apps.
 *
 * @param url the URL
 * @param options the request and the current time
 * @param known the apps
 */
export async function explainUrlOfApps(
  url: string,
  options: ExplainOptions,
  { apps, clockSkew }: KnownApps,
): Promise<Explanation> {
  const { parts } = await explainUrl(url, options);
  const named = apps.find(({ id }) => id === parts?.id);
  const explanation = await explainUrl(url, {
    ...options,
    clockSkew,
    secrets: (named ? [named] : apps).flatMap(({ secrets }) => secrets),
    others: apps.filter((app) => app !== named),
    ...(named && { maxExpires: named.maxExpires }),
  });
  if (named) return withRefusals(explanation, causesOfRules(explanation, named));
  if (!parts) return explanation;
  const others = explanation.causes.filter(({ code }) => code !== "unknown");
  return { ...explanation, accepted: false, causes: [causeOf("app_unknown"), ...others] };
}

/** Why an app refuses a URL whose signature is valid. */
function causesOfRules({ parts, accepted }: Explanation, app: KnownApp): Cause[] {
  if (!parts || !accepted) return [];
  const { upstreams, countsSubjects = false } = app;
  const target = parseTarget(parts.upstream);
  const { origin, pathname } = target;
  const written = formatTarget({ methods: [parts.method], origin, path: pathname });
  return [
    ...(!upstreams || isAllowed(upstreams, parts.method, target)
      ? []
      : [causeOf("target_not_allowed", written)]),
    ...(countsSubjects ? [causeOf("subject_required")] : []),
  ];
}

/** Whether the rules allow a target. The addresses of a host that no rule names are not looked up. */
function isAllowed(upstreams: readonly UpstreamRule[], method: string, target: URL): boolean {
  const credential = { scheme: "signed_url" } as const;
  try {
    findAllowedRule({ principal: { upstreams }, target, credential, permits: {} }, method);
    return true;
  } catch (error) {
    if (error instanceof GatewayError) return false;
    throw error;
  }
}

function withRefusals(explanation: Explanation, causes: readonly Cause[]): Explanation {
  if (causes.length === 0) return explanation;
  return { ...explanation, accepted: false, causes: [...explanation.causes, ...causes] };
}

/**
 * Explains an access token with the secrets and limits of a gateway's apps, and its policies.
 *
 * @param token the token
 * @param now the current time
 * @param known the apps
 */
export async function explainTokenOfApps(
  token: string,
  now: Date,
  known: KnownApps,
): Promise<TokenExplanation> {
  const explanation = await explainWithSecrets(token, now, known);
  const { policies = [] } = explanation.parts ?? {};
  const isUnknown = (wanted: string) =>
    known.policies?.some(({ name }) => name === wanted) === false;
  const unknown = policies.find(isUnknown);
  const causes = unknown === undefined ? [] : [causeOf("policy_unknown", unknown)];
  return withCausesOfSchema(withCauses(explanation, causes), token);
}

/**
 * Adds what a gateway does not support of a token's own schema to the causes for which it refuses the token.
 *
 * @param explanation of the token
 * @param token the token
 */
export function withCausesOfSchema(explanation: TokenExplanation, token: string): TokenExplanation {
  if (!explanation.parts) return explanation;
  const { permits = {} } = parseToken(repairToken(token).token);
  return withCauses(explanation, causesOfSchema(permits));
}

async function explainWithSecrets(
  token: string,
  now: Date,
  { apps, clockSkew, policies }: KnownApps,
): Promise<TokenExplanation> {
  const { parts } = await explainToken(token, { now });
  const named = apps.find(({ id }) => id === parts?.id);
  const ofKeySet = parts && appOfKeySet(parts, apps);
  const app = named ?? ofKeySet;
  const explained = await explainToken(token, {
    now,
    clockSkew,
    secrets: ofKeySet ? [] : (named ? [named] : apps).flatMap(({ secrets }) => secrets),
    others: apps.filter((other) => other !== named),
    ...(app && { maxExpires: app.maxExpires }),
    ...(app?.audience !== undefined && { audience: app.audience }),
  });
  const explanation = app ? withCauses(explained, causesOfClaims(token, app, policies)) : explained;
  if (ofKeySet && parts.audience === undefined) {
    const causes = [causeOf("claim_missing", "aud"), ...explanation.causes];
    return { ...explanation, accepted: false, causes };
  }
  if (!parts || app?.hasTokens) return explanation;
  const others = explanation.causes.filter(({ code }) => code !== "token_signature_mismatch");
  const cause = causeOf(app ? "tokens_disabled" : "app_unknown");
  return { ...explanation, accepted: false, causes: [cause, ...others] };
}

function withCauses(explanation: TokenExplanation, causes: readonly Cause[]): TokenExplanation {
  if (causes.length === 0) return explanation;
  return { ...explanation, accepted: false, causes: [...explanation.causes, ...causes] };
}

/** What the app requires of a well-formed token, and allows it, after everything else that a gateway checks. */
function causesOfClaims(text: string, app: KnownApp, known: readonly NamedPolicy[] = []): Cause[] {
  const { require = {}, upstreams, countsSubjects = false, countsTokens } = app;
  const { policies = [], limits = [] } = app;
  const { claims, permits } = parseToken(repairToken(text).token);
  const required: RequiredClaims = {
    ...(countsTokens?.(permits?.policyNames ?? []) && { jti: true, iat: true }),
    ...(countsSubjects && { sub: true }),
    ...require,
  };
  const unfulfilled = unfulfilledClaims(claims, required).map((claim) => {
    const isMissing = !Object.hasOwn(claims, claim) || claims[claim] === null;
    return causeOf(isMissing ? "claim_missing" : "claim_differs", claim);
  });
  if (!upstreams || !permits) return unfulfilled;
  const named = known.filter(({ name }) => permits.policyNames?.includes(name));
  // The holder of the token would choose where the secret headers go.
  const mustNameTargets = upstreams.length > 0 && upstreams.every(({ url }) => !url);
  return [
    ...unfulfilled,
    ...(mustNameTargets && !permits.to ? [causeOf("claim_missing", "sw.to")] : []),
    ...unallowedTargets(permits.to, upstreams).map((it) => causeOf("target_not_allowed", it)),
    ...causesOfProviders(permits, { policies: [...named, ...policies], limits, upstreams }),
  ];
}

/** The app whose issuer and audience a token names; without one, an app with the issuer. */
function appOfKeySet(
  { id, audience: named = [] }: ExplainedToken,
  apps: readonly KnownApp[],
): KnownApp | undefined {
  const ofIssuer = apps.filter(({ issuer }) => issuer === id);
  return ofIssuer.find(({ audience }) => audience && named.includes(audience)) ?? ofIssuer[0];
}
