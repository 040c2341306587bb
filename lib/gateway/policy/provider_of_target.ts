import type { AuthorizedTarget } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { type ProviderName, providerOf } from "../providers/provider.ts";

/** Finds the provider of the API that a request is for; `undefined` when it is unknown. */
export type ProviderOfTarget = (target: AuthorizedTarget) => ProviderName | undefined;

/** Creates the function that finds providers. It looks at the host of a rule once. */
export function createProviderOfTarget(): ProviderOfTarget {
  const known = new WeakMap<UpstreamRule, ProviderName | "unknown">();
  return ({ rule, url }) => {
    if (rule.provider !== undefined) return rule.provider;
    // Without a URL, the target of each request decides.
    if (!rule.url) return providerOf(url.hostname);
    let provider = known.get(rule);
    if (provider === undefined) {
      provider = providerOf(rule.url.hostname) ?? "unknown";
      known.set(rule, provider);
    }
    return provider === "unknown" ? undefined : provider;
  };
}
