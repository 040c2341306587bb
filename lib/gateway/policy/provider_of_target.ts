import type { AuthorizedTarget } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { type ProviderName, providerOfRule } from "../providers/provider.ts";

/** Finds the provider of the API that a request is for; `undefined` when it is unknown. */
export type ProviderOfTarget = (target: AuthorizedTarget) => ProviderName | undefined;

/** Creates the function that finds providers. It looks at the host of a rule once. */
export function createProviderOfTarget(): ProviderOfTarget {
  // Requests without limits are looked at too. Without this memory, four patterns would run for each of them.
  const known = new WeakMap<UpstreamRule, ProviderName | "unknown">();
  return ({ rule, url }) => {
    // Without a URL, the target of each request decides.
    if (!rule.url) return providerOfRule(rule, url);
    let provider = known.get(rule);
    if (provider === undefined) {
      provider = providerOfRule(rule, rule.url) ?? "unknown";
      known.set(rule, provider);
    }
    return provider === "unknown" ? undefined : provider;
  };
}
