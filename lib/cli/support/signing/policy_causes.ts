import { matchesRule } from "../../../gateway/admission/match_rule.ts";
import { type CounterLimits, limitUsage } from "../../../gateway/model/counter_limits.ts";
import type { NamedPolicy } from "../../../gateway/model/policy.ts";
import type { UpstreamRule } from "../../../gateway/model/rule.ts";
import { isGuarding } from "../../../gateway/policy/combine.ts";
import { prepareSchema } from "../../../gateway/policy/schema/prepare.ts";
import { providerOfRule } from "../../../gateway/providers/provider.ts";
import { type Cause, causeOf } from "../../../signing/explain/cause.ts";
import { type GrantedTarget, JsonSchemaError, type TokenPermits } from "../../../signing/verify.ts";
import { formatTarget } from "./format_target.ts";
import { overlaps } from "./unallowed_targets.ts";

/** The rules for the requests of a token, apart from its own limits. */
export interface TokenRules {
  /** The policies that the token names, and those of its app. */
  policies: readonly NamedPolicy[];
  /** The limits of its app, and of each end user there. */
  limits: readonly (CounterLimits | undefined)[];
  /** The rules of its app. */
  upstreams: readonly UpstreamRule[];
}

/**
 * Finds what a gateway does not support of a token's own schema, which it prepares only when a request comes.
 *
 * @param permits of the token
 */
export function causesOfSchema({ policy }: TokenPermits): Cause[] {
  const schema = policy?.body?.schema;
  if (schema === undefined) return [];
  try {
    prepareSchema(schema);
    return [];
  } catch (error) {
    if (!(error instanceof JsonSchemaError)) throw error;
    return [causeOf("token_malformed", `sw.body.schema ${error.message}`)];
  }
}

/**
 * Finds the targets to which a gateway lets no request of a token through: limits for APIs of models or MCP servers
 * apply, and the provider is not known.
 *
 * @param permits of the token
 * @param rules what applies as well
 */
export function causesOfProviders(permits: TokenPermits, rules: TokenRules): Cause[] {
  const { to } = permits;
  const targets = to
    ? to.filter((target) => isRefused(target, permits, rules)).map(formatTarget)
    : unguardableUrls(permits, rules);
  return targets.map((target) => causeOf("provider_unknown", target));
}

/** Whether each rule that allows a target refuses its requests. A target without a rule is another mistake. */
function isRefused(target: GrantedTarget, permits: TokenPermits, rules: TokenRules): boolean {
  const all = rules.upstreams.filter((rule) => overlaps(target, rule));
  const allowing = all.filter((rule) => !all.some((other) => isChosenBefore(other, rule, target)));
  const isUnknown = (rule: UpstreamRule) =>
    isUnguardable(rule, rule.url ?? new URL(target.origin), { permits, rules });
  return allowing.length > 0 && allowing.every(isUnknown);
}

/** Whether a gateway chooses one rule and never the other for a target: it takes the longest URL. */
function isChosenBefore(
  { url, methods }: UpstreamRule,
  other: UpstreamRule,
  { origin, path }: GrantedTarget,
): boolean {
  if (!url || methods || url.href.length <= (other.url?.href.length ?? 0)) return false;
  return matchesRule(url, new URL(origin + path));
}

/** The URLs of all rules, when each of them refuses the requests of a token that names no target. */
function unguardableUrls(permits: TokenPermits, rules: TokenRules): string[] {
  const urls = rules.upstreams.flatMap(({ url }) => (url ? [url] : []));
  const isUnknown = (rule: UpstreamRule) =>
    !rule.url || isUnguardable(rule, rule.url, { permits, rules });
  return rules.upstreams.every(isUnknown) ? urls.map(({ href }) => href) : [];
}

function isUnguardable(
  rule: UpstreamRule,
  url: URL,
  { permits, rules }: { permits: TokenPermits; rules: TokenRules },
): boolean {
  if (providerOfRule(rule, url) !== undefined) return false;
  const all = [permits, ...rules.policies, ...(rule.policies ?? [])];
  const isGuarded = all.some(
    ({ policy, limits }) => (policy && isGuarding(policy)) || limitUsage(limits),
  );
  return isGuarded || [rule.limits, ...rules.limits].some(limitUsage);
}
