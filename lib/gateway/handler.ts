import { isPresigned } from "../signing/verify.ts";
import type { App } from "./model/app.ts";
import type { Grant } from "./model/grant.ts";
import { authorize, type Resolve } from "./admission/authorize.ts";
import type { Connection } from "./delivery/forwarded_headers.ts";
import type { Connections } from "./ledger/concurrency_limits.ts";
import { addCorsHeaders } from "./cors/response.ts";
import type { CorsPolicy } from "./model/cors_policy.ts";
import { isPreflight, preflightResponse } from "./cors/preflight.ts";
import { answer } from "./delivery/respond.ts";
import { Exchange } from "./record/exchange.ts";
import type { Observer } from "./record/exchange_record.ts";
import type { TimerWheel } from "./time/timer_wheel.ts";
import { forward, type ForwardOptions } from "./delivery/forward.ts";
import type { Hooks } from "./hooks.ts";
import { GatewayError } from "./problem/gateway_error.ts";
import { refusalResponse } from "./refusal.ts";
import { assertBodyAllowed } from "./body/request_body.ts";
import { hardenResponseHeaders } from "./delivery/response_headers.ts";
import { claimedApp } from "./admission/choose_scheme.ts";
import {
  createSignedHeaderAuthenticator,
  type SignedHeaderOptions,
} from "./admission/signed_header.ts";
import { createSignedUrlAuthenticator, type SignedUrlOptions } from "./admission/signed_url.ts";

/** Settings of {@link createHandler}. */
export interface HandlerOptions
  extends SignedUrlOptions, SignedHeaderOptions, ForwardOptions, Pick<Hooks, "onRequest"> {
  resolve: Resolve;
  /** For whoever has none of their own. */
  cors: CorsPolicy;
  connections: Connections;
  /** Concurrent exchanges of all apps and routes together. Default: no limit. */
  maxConnections?: number;
  /** Whether a signature that does not match is answered with what the gateway computed. */
  explain: boolean;
  /** A monotonic clock in milliseconds, for durations. */
  ticks: () => number;
  timers: TimerWheel;
  observer: Observer;
  /** Receives what nobody foresaw. */
  onError: (error: unknown, requestId: string) => void;
}

/** The gateway as a function. */
export type Handler = (request: Request, connection?: Connection) => Promise<Response>;

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/**
 * Makes the gateway: a function from a request to its response. A request goes down one line
 * (authenticate, authorize, forward), and every refusal on it becomes a response here.
 */
export function createHandler(options: HandlerOptions): Handler {
  const bySignedUrl = createSignedUrlAuthenticator(options);
  const bySignedHeader = createSignedHeaderAuthenticator(options);

  function authenticate(request: Request, connection: Connection): Promise<Grant> {
    const toApps = options.routes.length === 0 || isPresigned(request.url);
    return toApps ? bySignedUrl(request) : bySignedHeader(request, connection);
  }

  function takePlace(exchange: Exchange, limit: number | undefined, name: () => string): void {
    const take = (most: number) => exchange.onEnd(options.connections.take(name(), most));
    if (limit !== undefined) take(limit);
    // A limit may come to be while it lasts, and then it counts.
    else exchange.onLongRunning(() => take(Infinity));
  }

  async function run(
    request: Request,
    exchange: Exchange,
    connection: Connection,
    principal: { app?: App },
  ) {
    if (options.phase() !== "serving") throw new GatewayError("draining");
    if (!METHODS.has(request.method)) throw new GatewayError("method_not_allowed");
    assertBodyAllowed(request);
    // Before a signed body is read: what is limited is memory, too.
    takePlace(exchange, options.maxConnections, () => "all");
    const grant = await authenticate(request, connection);
    const { app, target } = grant;
    principal.app = app;
    exchange.authenticated(app.id, target);
    const allowed = authorize(grant, options.resolve);
    const upstream = allowed instanceof Promise ? await allowed : allowed;
    const { rule } = upstream;
    takePlace(exchange, app.maxConnections, () => `app ${app.id}`);
    takePlace(exchange, rule.maxConnections, () => `rule ${app.id} ${rule.url?.href}`);
    const { onRequest } = options;
    const early = onRequest && (await onRequest(app.id, readable(request, grant)));
    if (early) return answer(request, early, new AbortController(), exchange, options);
    return forward(request, grant, upstream, exchange, options);
  }

  async function claimedPolicy(request: Request): Promise<CorsPolicy> {
    return (await claimedApp(request, options))?.cors ?? options.cors;
  }

  return async (request, connection = {}) => {
    const exchange = new Exchange(request, options);
    const { onLasting } = connection;
    if (onLasting) exchange.onLongRunning(() => exchange.onEnd(onLasting(request)));
    let response: Response;
    let policy: CorsPolicy | undefined;
    const principal: { app?: App } = {};
    try {
      if (isPreflight(request)) {
        policy = await claimedPolicy(request);
        response = preflightResponse(request, policy);
        exchange.headReady(response.status);
        exchange.end("preflight");
      } else {
        response = await run(request, exchange, connection, principal);
      }
    } catch (error) {
      response = refusalResponse(error, request, exchange, options);
    }
    policy ??= principal.app?.cors ?? (principal.app ? options.cors : await claimedPolicy(request));
    addCorsHeaders(response.headers, request.headers.get("origin"), policy);
    hardenResponseHeaders(response.headers);
    response.headers.set("X-Request-Id", exchange.requestId);
    return response;
  };
}

// A signed body has been read to verify it; a hook gets one that it can read again.
function readable(request: Request, { body }: Grant): Request {
  if (!body) return request;
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body });
}
