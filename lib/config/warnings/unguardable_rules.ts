import { type CounterLimits, limitUsage } from "../../gateway/model/counter_limits.ts";
import type { NamedPolicy } from "../../gateway/model/policy.ts";
import type { UpstreamRule } from "../../gateway/model/rule.ts";
import { isGuarding } from "../../gateway/policy/combine.ts";
import { providerOfRule } from "../../gateway/providers/provider.ts";
import type { Settings } from "../settings.ts";

/**
 * Finds rules and routes whose requests are always refused: a policy has limits for APIs of models or MCP servers, and
 * the provider of the API is not known.
 *
 * @param settings the settings of a valid configuration
 * @returns a sentence for each of them, without a full stop
 */
export function findUnguardableRules({ apps, routes }: Settings): string[] {
  const ofApps = apps.flatMap(({ id, upstreams, tokens, limits, subjectLimits }) =>
    upstreams.flatMap((rule, i) => {
      const place = `upstream[${i}] of app ${JSON.stringify(id)}`;
      return [
        ...findCounted(rule, [limits, subjectLimits, rule.limits], place),
        ...findIn(rule, rule.policies, { place, requests: "requests" }),
        ...findIn(rule, tokens?.policies, { place, requests: "requests with tokens" }),
      ];
    }),
  );
  const ofRoutes = routes.flatMap(({ path, upstreams }) =>
    upstreams.flatMap((rule) =>
      findIn(rule, rule.policies, { place: `route ${path}`, requests: "requests" }),
    ),
  );
  return [...ofApps, ...ofRoutes];
}

function findCounted(
  rule: UpstreamRule,
  limits: readonly (CounterLimits | undefined)[],
  place: string,
): string[] {
  if (isProviderKnown(rule) || !limits.some(limitUsage)) return [];
  return [
    `${place} has no known provider, so requests under a limit on tokens or cost are refused: set its provider`,
  ];
}

// Without a URL, the target of each request decides.
function isProviderKnown(rule: UpstreamRule): boolean {
  return !rule.url || providerOfRule(rule, rule.url) !== undefined;
}

function findIn(
  rule: UpstreamRule,
  policies: readonly NamedPolicy[] = [],
  { place, requests }: { place: string; requests: string },
): string[] {
  if (isProviderKnown(rule)) return [];
  const guarding = policies.find(
    ({ policy, limits }) => (policy && isGuarding(policy)) || limitUsage(limits),
  );
  if (!guarding) return [];
  return [
    `${place} has no known provider, so ${requests} under the policy ${guarding.name} are refused: set its provider`,
  ];
}
