import type { AuthorizedTarget, Grant } from "../model/grant.ts";
import { isProbe, PROBE_RULE } from "../model/probe_target.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { differingPart } from "./differing_part.ts";
import { findRule } from "./find_rule.ts";
import { matchesRule } from "./match_rule.ts";
import { isAddress, isPrivateName, isPublicAddress, unbracket } from "./public_address.ts";

// A path that begins with two slashes.
const DOUBLE_SLASH = /^[^/]*\/\/[^/]*\/\//;

/** Resolves a name to all its IPv4 and IPv6 addresses. Throws when it has none. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Checks the target of a grant against the operator's rules.
 *
 * @param grant the principal and the target, whose fragment is removed
 * @param method the method of the request
 * @param resolve called only for hosts that no rule names
 * @returns the URL exactly as it will be called, with the rule that allows it; a promise when the host
 *   must be resolved
 * @throws GatewayError `target_invalid`, `target_not_allowed`, `upstream_unreachable`
 */
export function authorize(
  grant: Grant,
  method: string,
  resolve: Resolve,
): AuthorizedTarget | Promise<AuthorizedTarget> {
  const { target: url } = grant;
  const rule = findAllowedRule(grant, method);
  if (rule.url || rule.allowPrivate) return { url, rule };
  return publicAddressOf(url.hostname, resolve).then((address) => ({ url, rule, address }));
}

/** The part of a grant that its target is checked with. */
type TargetGrant = Pick<Grant, "target" | "permits"> & {
  principal: Pick<Grant["principal"], "upstreams">;
  credential: Pick<Grant["credential"], "scheme">;
};

/**
 * Finds the rule that allows the target of a grant. Whether the addresses of a host that no rule names are public is not checked.
 *
 * @param grant as {@link authorize} takes it
 * @param method the method of the request
 * @throws GatewayError `target_invalid`, `target_not_allowed`
 */
export function findAllowedRule(
  { principal, target: url, credential, permits }: TargetGrant,
  method: string,
): UpstreamRule {
  if (url.username || url.password) throw new GatewayError("target_invalid", "user info in URL");
  if (url.href.includes("#")) url.hash = "";
  const rule = findRule(principal.upstreams, method, url);
  // No rule can name its host, which nobody owns.
  if (!rule?.url && isProbe({ credential, target: url })) return probeRule(method);
  if (!rule) throw new GatewayError("target_not_allowed", reasonOf(principal.upstreams, url));
  // The holder of a token chooses the target, and could aim the secret at a server of their own.
  if (!rule.url && credential.scheme === "token" && !permits.namesTargets) {
    throw new GatewayError("target_not_allowed", "the token names no target, and the rule no URL");
  }
  // Any host could then read the secret.
  if (!rule.url && (rule.query || rule.aws || rule.oauth)) {
    throw new GatewayError(
      "target_not_allowed",
      "the rule has a credential that needs a URL, and none",
    );
  }
  // The runtime would send `//a` as `/a`, for which a different rule may apply.
  if (DOUBLE_SLASH.test(url.href)) throw new GatewayError("target_not_allowed", "double slash");
  return rule;
}

function probeRule(method: string): UpstreamRule {
  if (method !== "GET") throw new GatewayError("target_not_allowed", "a probe is a GET");
  return PROBE_RULE;
}

/** Why no rule matches: which part of the target differs from the most similar rule. */
function reasonOf(rules: readonly UpstreamRule[], target: URL): string {
  const candidates = rules.map(({ url }) => ({
    url,
    // A rule whose URL matches was not chosen because of its methods.
    isAtFault: url !== undefined && !matchesRule(url, target),
  }));
  const part = differingPart(candidates, target);
  return `no upstream rule matches${part ? `: different ${part}` : ""}`;
}

/**
 * Resolves a host that may only be public.
 *
 * @param hostname as the WHATWG URL parser writes it
 * @param resolve called for names
 * @returns an address to connect to
 * @throws GatewayError `target_not_allowed` when an address is not public, `upstream_unreachable`
 */
export async function publicAddressOf(hostname: string, resolve: Resolve): Promise<string> {
  const host = unbracket(hostname);
  if (isAddress(host)) return firstPublic([host]);
  if (isPrivateName(host)) throw new GatewayError("target_not_allowed", "private host name");
  return firstPublic(await resolveName(host, resolve));
}

async function resolveName(host: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(host);
  } catch {
    throw new GatewayError("upstream_unreachable", "the name does not resolve");
  }
}

// A name with public and private addresses is refused like a name with only private ones.
function firstPublic(addresses: readonly string[]): string {
  const [first] = addresses;
  if (!first || !addresses.every(isPublicAddress)) {
    throw new GatewayError("target_not_allowed", "not a public address");
  }
  return first;
}
