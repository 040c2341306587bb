import { type FieldSource, fieldValue, type Hmac, verifyRequest } from "../../signing/verify.ts";
import type { Grant } from "../model/grant.ts";
import { DEFAULTS } from "../defaults.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import { readBody } from "../body/request_body.ts";
import { requestTarget } from "../inbound.ts";
import { findRoute } from "./find_route.ts";
import type { Route, RouteSignature } from "../model/route.ts";
import { type Connection, forwardedHeaders } from "../delivery/forwarded_headers.ts";

/** Settings of {@link createSignedHeaderAuthenticator}. */
export interface SignedHeaderOptions {
  routes: readonly Route[];
  /** HMAC with every hash function that a route names. */
  hmac: Hmac;
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
  /** How far ahead a signer's clock may be, in seconds. Default: 300. */
  clockSkew?: number;
  /** The largest body that is read to verify it, in bytes. Default: 10 MiB. */
  maxSignedBody?: number;
  /** Seconds that a client may stall while it sends a body; 0 = no limit. Default: 60. */
  uploadIdleTimeout?: number;
  timers: TimerWheel;
  /** The path prefix that a reverse proxy in front has stripped. Default: `/`. */
  publicPath?: string;
}

/**
 * Makes the authenticator of routes, whose requests carry a signature in a header (SASigning), or
 * none where the operator says so.
 *
 * @param options routes, clock and limits
 * @returns a function that throws GatewayError for whatever is not rightly signed
 */
export function createSignedHeaderAuthenticator(
  options: SignedHeaderOptions,
): (request: Request, connection: Connection) => Promise<Grant> {
  const { routes, hmac, maxSignedBody = DEFAULTS.maxSignedBody } = options;
  const { publicPath = DEFAULTS.publicPath } = options;
  const { timers, uploadIdleTimeout = DEFAULTS.uploadIdleTimeout } = options;
  const pace = { timers, idleTimeout: uploadIdleTimeout };
  const prefix = decodePath(publicPath.replace(/\/+$/, ""));

  return async (request, connection) => {
    const { path, query, raw } = requestTarget(request);
    const route = findRoute(routes, path);
    const { signature } = route;
    const grant: Grant = {
      app: route.app,
      method: request.method,
      target: new URL(upstreamUrl(route, raw)),
      signedHeaders: [],
      forwarded: forwardedHeaders(request, connection),
    };
    if (!signature) return grant;
    const pathInfo = decodePath(path);
    const received = firstHeader(request.headers, signature.headers);
    if (!received) deny();
    const limit = Math.min(maxSignedBody, route.app.upstreams[0]?.maxBody ?? Infinity);
    const source: FieldSource = {
      method: request.method,
      path: prefix + pathInfo,
      pathInfo,
      query,
      headers: request.headers,
      scheme: new URL(request.url).protocol.slice(0, -1),
      serverName: new URL(request.url).hostname,
      ...(connection.remoteAddress && { remoteAddress: connection.remoteAddress }),
      ...(signature.fields?.includes("body") && {
        body: await readBody(request, limit, pace),
      }),
    };
    const scheme = { ...signature, hmac };
    if (!(await verifyRequest(source, received, signature.secrets, scheme))) deny();
    assertFresh(source, signature, options);
    return {
      ...grant,
      signedHeaders: signedHeaderNames(signature.fields ?? []),
      ...(source.body && { body: source.body as Uint8Array<ArrayBuffer> }),
    };
  };
}

function deny(): never {
  throw new GatewayError("access_denied");
}

function firstHeader(headers: Headers, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headers.get(name);
    if (value) return value;
  }
  return undefined;
}

function assertFresh(
  source: FieldSource,
  { timestampField, maxAge }: RouteSignature,
  { now = Date.now, clockSkew = DEFAULTS.clockSkew }: SignedHeaderOptions,
): void {
  if (timestampField === undefined || maxAge === undefined) return;
  const signedAt = parseTimestamp(String(fieldValue(timestampField, source)));
  const age = (now() - signedAt) / 1000;
  if (!(age <= maxAge && age >= -clockSkew)) deny();
}

/** Seconds since the epoch, or a moment of RFC 3339; NaN for anything else. */
function parseTimestamp(text: string): number {
  if (/^\d{1,12}(\.\d+)?$/.test(text)) return Number(text) * 1000;
  const isMoment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text);
  return isMoment ? Date.parse(text) : NaN;
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

function signedHeaderNames(fields: readonly string[]): string[] {
  return fields
    .filter((field) => field.startsWith("HTTP_"))
    .map((field) => field.slice("HTTP_".length).toLowerCase().replaceAll("_", "-"));
}
