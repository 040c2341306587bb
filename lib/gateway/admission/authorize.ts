import type { AuthorizedTarget, Grant } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { matchesRule } from "./match_rule.ts";
import { isAddress, isPrivateName, isPublicAddress, unbracket } from "./public_address.ts";

/** Looks a name up: every IPv4 and IPv6 address that it has. Throws when it has none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Checks the target of a grant against the operator's rules.
 *
 * @param grant who signed, and for which target; its fragment is removed
 * @param method of the request
 * @param resolve used for names that no rule names, and only for them
 * @returns the URL exactly as it will be called, with the rule that allows it; a promise when its name
 *   has to be resolved
 * @throws GatewayError `target_invalid`, `target_not_allowed`, `upstream_unreachable`
 */
export function authorize(
  { principal, target: url }: Grant,
  method: string,
  resolve: Resolve,
): AuthorizedTarget | Promise<AuthorizedTarget> {
  if (url.username || url.password) throw new GatewayError("target_invalid", "user info");
  if (url.href.includes("#")) url.hash = "";
  const rule = bestRule(principal.upstreams, method, url);
  if (!rule) throw new GatewayError("target_not_allowed", reasonOf(principal.upstreams, url));
  // The runtime would send `/a` for `//a`, which another rule may guard.
  if (url.pathname.startsWith("//")) throw new GatewayError("target_not_allowed", "empty segment");
  if (rule.url || rule.allowPrivate) return { url, rule };
  return publicAddressOf(url.hostname, resolve).then((address) => ({ url, rule, address }));
}

function bestRule(
  rules: readonly UpstreamRule[],
  method: string,
  url: URL,
): UpstreamRule | undefined {
  let best: UpstreamRule | undefined;
  let longest = -1;
  for (const rule of rules) {
    const length = rule.url?.href.length ?? 0;
    if (length <= longest || rule.methods?.includes(method) === false) continue;
    if (rule.url && !matchesRule(rule.url, url)) continue;
    best = rule;
    longest = length;
  }
  return best;
}

/** Why no rule matches: which part of the target differs from the rule that is most like it. */
function reasonOf(rules: readonly UpstreamRule[], url: URL): string {
  const [nearest] = rules.map((rule) => likeness(rule, url)).sort((a, b) => b - a);
  const part = nearest === undefined ? undefined : PARTS[nearest];
  return `no upstream rule matches${part ? `: another ${part}` : ""}`;
}

// By how much of the target is right when this part is not.
const PARTS = ["host", "scheme", "port", "path", "method"] as const;

/** The index in {@link PARTS} of the first part that differs. */
function likeness({ url: ruleUrl }: UpstreamRule, url: URL): number {
  // A rule that matches and is not the best one is a rule for other methods.
  if (!ruleUrl || matchesRule(ruleUrl, url)) return PARTS.indexOf("method");
  if (ruleUrl.hostname !== url.hostname) return PARTS.indexOf("host");
  if (ruleUrl.protocol !== url.protocol) return PARTS.indexOf("scheme");
  return PARTS.indexOf(ruleUrl.port === url.port ? "path" : "port");
}

async function publicAddressOf(hostname: string, resolve: Resolve): Promise<string> {
  const host = unbracket(hostname);
  if (isAddress(host)) return firstPublic([host]);
  if (isPrivateName(host)) throw new GatewayError("target_not_allowed", "private name");
  return firstPublic(await resolveName(host, resolve));
}

async function resolveName(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch {
    throw new GatewayError("upstream_unreachable", "the name does not resolve");
  }
}

// A name with one private address among public ones is refused like one with none but private ones.
function firstPublic(addresses: readonly string[]): string {
  const [first] = addresses;
  if (!first || !addresses.every(isPublicAddress)) {
    throw new GatewayError("target_not_allowed", "not a public address");
  }
  return first;
}
