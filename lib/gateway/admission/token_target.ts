import { decodeLeniently } from "../model/parameter_names.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { RequestTarget } from "../inbound.ts";
import type { GrantedTarget } from "../../signing/verify.ts";
import { pathBehindToken, pathToken } from "./token_slots.ts";

/** The rules and grants that determine the target of a request with a token. */
export interface TargetScope {
  /** The rules of the token's app. */
  upstreams: readonly UpstreamRule[];
  /** The targets that the token names. Absent: it names none. */
  to?: readonly GrantedTarget[] | undefined;
}

// A name, an IPv4 address, or an IPv6 address in brackets; with an optional port.
const HOST = /^(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/**
 * Reads the target of a request with a token from its path: `/{host}[:{port}]/{path}?{query}`. Some clients
 * keep only the host of their base URL, so a path whose first segment is no host belongs to the one origin
 * to which the token leads.
 *
 * @param target the request's path and query
 * @param token the token's text; parameters and segments that contain it are removed
 * @param scope the rules and the token's own targets
 * @returns the URL, whose path and query are the caller's, byte for byte
 * @throws GatewayError `target_not_allowed`, `target_not_granted`
 */
export function tokenTarget(target: RequestTarget, token: string, scope: TargetScope): URL {
  const path = withoutToken(target.path, token, scope);
  if (decodeLeniently(path).includes(token)) {
    throw new GatewayError("target_not_allowed", "the path holds the token");
  }
  const query = queryWithoutToken(target.query, token);
  const [, segment = "", rest = ""] = /^\/([^/]*)(.*)$/s.exec(path) ?? [];
  const host = segment.toLowerCase();
  // A segment that may be a token must not reach the record as a host.
  const origin = segment.startsWith("eyJ") ? undefined : originOf(host, scope.upstreams);
  if (origin !== undefined) return exactUrl(origin, rest, query);
  const only = /[.:%[\]]/.test(host) ? undefined : onlyOrigin(scope);
  if (only === undefined) throw new GatewayError("target_not_allowed", "no host in the path");
  return exactUrl(only, path, query);
}

function withoutToken(path: string, token: string, { to = [] }: TargetScope): string {
  if (pathToken(path) !== token) return path;
  // A URL is easily disclosed, so a token in its path may be valid for one API only.
  if (new Set(to.map(({ origin }) => origin)).size !== 1) {
    throw new GatewayError("target_not_granted", "a token in the path must name one origin");
  }
  return pathBehindToken(path) || "/";
}

function queryWithoutToken(query: string, token: string): string {
  const isKept = (part: string) => !decodeLeniently(part).includes(token);
  const mayHoldToken = query.includes("%") || query.includes(token);
  return mayHoldToken ? query.split("&").filter(isKept).join("&") : query;
}

/** The origin of a segment that is a host: with the scheme of the rule for it, or `https`. */
function originOf(host: string, rules: readonly UpstreamRule[]): string | undefined {
  if (!HOST.test(host)) return undefined;
  return ruleOrigin(host, rules) ?? anyOrigin(host);
}

// `https` is preferred if both schemes have a rule. The default port of a scheme is optional.
function ruleOrigin(host: string, rules: readonly UpstreamRule[]): string | undefined {
  const origins = [`https://${host.replace(/:443$/, "")}`, `http://${host.replace(/:80$/, "")}`];
  // A rule's URL has no user. The runtime has its text at hand, and would write its origin anew.
  return origins.find((origin) => rules.some(({ url }) => url?.href.startsWith(`${origin}/`)));
}

// Rules and tokens contain hosts in the form of the URL parser, so 127.1 cannot be one of them.
function anyOrigin(host: string): string | undefined {
  const url = /[.:]/.test(host) ? URL.parse(`https://${host}`) : null;
  return url?.hostname === host.replace(/:\d+$/, "") ? url.origin : undefined;
}

function onlyOrigin({ to, upstreams }: TargetScope): string | undefined {
  const origins = new Set((to ?? upstreams.map(({ url }) => url)).map((target) => target?.origin));
  const [origin] = origins;
  return origins.size === 1 ? origin : undefined;
}

function exactUrl(origin: string, rest: string, query: string): URL {
  // @google/genai writes two slashes behind a base URL that ends in one.
  const path = rest.replace(/^\/\//, "/") || "/";
  const text = `${origin}${path}${query === "" ? "" : `?${query}`}`;
  const url = URL.parse(text);
  // In its own text each part is where it was written, unless a fragment begins.
  if (url?.href !== text || text.includes("#")) {
    throw new GatewayError("target_not_allowed", "the path is not in its shortest form");
  }
  return url;
}
