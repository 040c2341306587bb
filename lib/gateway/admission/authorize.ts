import type { Grant, AuthorizedTarget } from "../model/grant.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { matchesRule } from "./match_rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { isAddress, isPrivateName, isPublicAddress, unbracket } from "./public_address.ts";

/** Looks a name up: every IPv4 and IPv6 address that it has. Throws when it has none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Holds what was signed against the operator's rules.
 *
 * @param grant who signed, and for which target; its fragment is taken off
 * @param resolve used for names that no rule names, and only for them
 * @returns the URL exactly as it will be called, with the headers of its rule and of no other; a promise
 *   when its name has to be resolved
 * @throws GatewayError `target_invalid`, `target_not_allowed`, `upstream_unreachable`
 */
export function authorize(
  grant: Grant,
  resolve: Resolve,
): AuthorizedTarget | Promise<AuthorizedTarget> {
  const url = grant.target;
  if (url.username || url.password) throw new GatewayError("target_invalid", "user info");
  if (url.href.includes("#")) url.hash = "";
  const rule = bestRule(grant, url);
  if (!rule) throw new GatewayError("target_not_allowed", "no upstream rule matches");
  // The runtime would send `/a` for `//a`, which another rule may guard.
  if (url.pathname.startsWith("//")) throw new GatewayError("target_not_allowed", "empty segment");
  if (rule.url || rule.allowPrivate) return { url, rule };
  return publicAddressOf(url.hostname, resolve).then((address) => ({ url, rule, address }));
}

function bestRule({ app, method }: Grant, url: URL): UpstreamRule | undefined {
  let best: UpstreamRule | undefined;
  let longest = -1;
  for (const rule of app.upstreams) {
    const length = rule.url?.href.length ?? 0;
    if (length <= longest || rule.methods?.includes(method) === false) continue;
    if (rule.url && !matchesRule(rule.url, url)) continue;
    best = rule;
    longest = length;
  }
  return best;
}

async function publicAddressOf(hostname: string, resolve: Resolve): Promise<string> {
  const host = unbracket(hostname);
  if (isAddress(host)) return assertPublic([host]);
  if (isPrivateName(host)) throw new GatewayError("target_not_allowed", "private name");
  return assertPublic(await resolveOrFail(host, resolve));
}

async function resolveOrFail(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch {
    throw new GatewayError("upstream_unreachable", "the name does not resolve");
  }
}

// One private address among public ones is as telling as none but private ones.
function assertPublic(addresses: readonly string[]): string {
  const [first] = addresses;
  if (!first || !addresses.every(isPublicAddress)) {
    throw new GatewayError("target_not_allowed", "not a public address");
  }
  return first;
}
