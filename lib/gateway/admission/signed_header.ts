import {
  type FieldSource,
  findVerifyingSecret,
  type Hmac,
  isSignature,
} from "../../signing/verify.ts";
import { DEFAULTS } from "../defaults.ts";
import type { InboundRequest } from "../inbound.ts";
import type { Credential, Grant } from "../model/grant.ts";
import type { Route, RouteSignature } from "../model/route.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Authenticator, Claim, SignatureLimits, Sources } from "./authenticator.ts";
import { findRoute } from "./find_route.ts";
import { isFresh, signedSpan } from "./freshness.ts";

/** Settings of {@link createSignedHeaderAuthenticator}. */
export interface SignedHeaderOptions
  extends Pick<Sources, "routes" | "latestRoutes">, SignatureLimits {
  /** Computes HMACs with every hash function that a route uses. */
  hmac: Hmac;
}

/**
 * Creates the authenticator of routes. Their requests carry a signature in a header (SASigning), or none
 * when the operator requires none for the route.
 *
 * @param options routes, clock and limits
 */
export function createSignedHeaderAuthenticator(options: SignedHeaderOptions): Authenticator {
  const { routes, hmac, maxSignedBody = DEFAULTS.maxSignedBody } = options;
  const { latestRoutes = () => routes } = options;
  const { publicPath = DEFAULTS.publicPath } = options;
  const prefix = decodePath(publicPath.replace(/\/+$/, ""));
  const lookUp = (inbound: InboundRequest, claim: Claim) =>
    noteRoute(claim, inbound, latestRoutes());

  /** Reads a signed body, then looks up the route again, which may have changed in the meantime. */
  async function routeAfterBody(
    inbound: InboundRequest,
    claim: Claim,
    route: Route & { signature: RouteSignature },
  ): Promise<Route> {
    if (!isSignature(receivedSignature(inbound, route.signature))) {
      throw new GatewayError("access_denied");
    }
    await inbound.body.bytes(Math.min(maxSignedBody, route.upstreams[0]?.maxBody ?? Infinity));
    return lookUp(inbound, claim);
  }

  async function assertSigned(
    inbound: InboundRequest,
    signature: RouteSignature,
  ): Promise<Credential> {
    const pathInfo = decodePath(inbound.target.path);
    const received = receivedSignature(inbound, signature);
    const { known: body } = inbound.body;
    const source = { ...fieldSource(inbound, prefix, pathInfo), ...(body && { body }) };
    const scheme = { ...signature, hmac };
    const secret = await findVerifyingSecret(source, received, signature.secrets, scheme);
    return signedCredential(source, signature, { ...options, secret });
  }

  return {
    lookUp,
    async authenticate(inbound, claim) {
      const named = lookUp(inbound, claim);
      const route = hasSignedBody(named) ? await routeAfterBody(inbound, claim, named) : named;
      const { signature } = route;
      const credential = signature ? await assertSigned(inbound, signature) : UNSIGNED;
      return grantOf(route, inbound, credential);
    },
  };
}

/** @throws GatewayError `access_denied` when no secret signed, or the signature is too old */
function signedCredential(
  source: FieldSource,
  signature: RouteSignature,
  { secret, ...limits }: SignatureLimits & { secret: number | undefined },
): Credential {
  if (secret === undefined) throw new GatewayError("access_denied");
  const span = signedSpan(source, signature);
  if (!isFresh(span, limits)) throw new GatewayError("access_denied");
  return { scheme: "signed_header", secret, ...span };
}

/**
 * Stores the route of a request in its claim.
 *
 * @throws GatewayError `route_unknown`, `path_ambiguous`; the route is not looked up again then
 */
function noteRoute(
  claim: Claim,
  { target: { path } }: InboundRequest,
  routes: readonly Route[],
): Route {
  claim.principal = null;
  const route = findRoute(routes, path);
  // The runtime would send `//a` as `/a`.
  if (path.startsWith("//")) throw new GatewayError("path_ambiguous");
  claim.principal = route;
  return route;
}

function hasSignedBody(route: Route): route is Route & { signature: RouteSignature } {
  return route.signature?.fields?.includes("body") === true;
}

/** @throws GatewayError `access_denied` when the request has no signature */
function receivedSignature({ request }: InboundRequest, { headers }: RouteSignature): string {
  const received = firstHeader(request.headers, headers);
  if (!received) throw new GatewayError("access_denied");
  return received;
}

function fieldSource(
  { request, target, client }: InboundRequest,
  prefix: string,
  pathInfo: string,
): FieldSource {
  const { protocol, hostname } = new URL(request.url);
  return {
    method: request.method,
    path: prefix + pathInfo,
    pathInfo,
    query: target.query,
    headers: request.headers,
    scheme: protocol.slice(0, -1),
    serverName: hostname,
    ...(client.remoteAddress && { remoteAddress: client.remoteAddress }),
  };
}

const UNSIGNED: Credential = { scheme: "none" };

function grantOf(route: Route, { target }: InboundRequest, credential: Credential): Grant {
  const { signature } = route;
  return {
    principal: route,
    credential,
    permits: {},
    target: new URL(upstreamUrl(route, target.raw)),
    coveredHeaders: headerNamesIn(signature?.fields ?? []),
    coversQuery: signature?.fields?.includes("QUERY_STRING") === true,
  };
}

function firstHeader(headers: Headers, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headers.get(name);
    if (value) return value;
  }
  return undefined;
}

function upstreamUrl({ upstream }: Route, target: string): string {
  return upstream.origin + upstream.pathname.replace(/\/$/, "") + target;
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new GatewayError("request_malformed", "the path is not UTF-8");
  }
}

// The fields that are headers under another name, as in CGI (RFC 3875, section 4.1).
const HEADER_OF: ReadonlyMap<string, string> = new Map([
  ["content_type", "content-type"],
  ["CONTENT_TYPE", "content-type"],
  ["CONTENT_LENGTH", "content-length"],
]);

function headerNamesIn(fields: readonly string[]): string[] {
  const names = fields.map((field) => {
    if (!field.startsWith("HTTP_")) return HEADER_OF.get(field);
    return field.slice("HTTP_".length).toLowerCase().replaceAll("_", "-");
  });
  return names.filter((name) => name !== undefined);
}
