import { answer, type AnswerOptions } from "./respond.ts";
import type { Grant, AuthorizedTarget } from "../model/grant.ts";
import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
import type { Exchange } from "../record/exchange.ts";
import type { Hooks } from "../hooks.ts";
import { DEFAULTS } from "../defaults.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { contentLength, outboundBody } from "../body/request_body.ts";
import { outboundRequestHeaders } from "./request_headers.ts";

/** What goes to the upstream. */
export interface OutboundRequest {
  method: string;
  headers: Headers;
  body: BodyInit | null;
  signal: AbortSignal;
}

/**
 * Sends a request to an upstream: no redirect followed, nothing decompressed, nothing retried, no
 * proxy taken from the environment. It rejects with a GatewayError, `upstream_unreachable` when no
 * connection was made and `upstream_broken` otherwise.
 */
export type FetchUpstream = (
  upstream: AuthorizedTarget,
  request: OutboundRequest,
  /** Ends the request, for a reason that is told instead of what the request then fails with. */
  abort: (reason: GatewayError) => void,
) => Promise<Response>;

/** Settings of {@link forward}. */
export interface ForwardOptions extends AnswerOptions, Pick<Hooks, "onResponse"> {
  fetchUpstream: FetchUpstream;
  /** Seconds to wait for the head of the upstream's response; 0 = no limit. */
  headTimeout: number;
  /** Seconds that a client may stall while it sends a body; 0 = no limit. Default: 60. */
  uploadIdleTimeout?: number;
  /** Seconds that a whole exchange may last; 0 = no limit. */
  maxDuration: number;
}

/**
 * Sends the request on and streams the answer back.
 *
 * @param request the inbound request, its body unread unless the grant has it
 * @param grant what was authenticated
 * @param upstream what was authorized
 * @param exchange told of every byte and of the end
 * @param options how to send
 * @throws GatewayError `upstream_unreachable`, `upstream_broken`, `upstream_timeout`,
 *   `request_timeout`, `body_too_large`, `headers_too_large`
 */
export async function forward(
  request: Request,
  grant: Grant,
  upstream: AuthorizedTarget,
  exchange: Exchange,
  options: ForwardOptions,
): Promise<Response> {
  const cancel = new AbortController();
  // A listener that is never called costs as much as all the timers of an exchange.
  exchange.onLongRunning(() => cancelWhenGone(request, cancel));
  const headers = outboundRequestHeaders(
    request.headers,
    injected(grant, upstream),
    grant.signedHeaders,
  );
  limitDuration(exchange, cancel, options);
  const wait = headTimer(upstream.rule.headTimeout ?? options.headTimeout, cancel, options.timers);
  const body = hasBody(request, grant)
    ? await bodyToSend(request, grant, upstream, exchange, cancel, wait, options)
    : null;
  if (body instanceof ReadableStream) keepLength(request.headers, headers);
  const outbound = { method: request.method, headers, body, signal: cancel.signal };
  const response = await fetchHead(upstream, outbound, cancel, wait, options);
  exchange.answered(response.headers.get("x-request-id"));
  const shown = options.onResponse
    ? await throughHook(options.onResponse, grant, response, cancel, exchange)
    : response;
  const { sseHeartbeat, phase, timers } = options;
  const { keepCookies = false, idleTimeout = options.idleTimeout } = upstream.rule;
  const how = { sseHeartbeat, phase, timers, keepCookies, idleTimeout };
  return answer(request, shown, cancel, exchange, how);
}

function cancelWhenGone({ signal }: Request, cancel: AbortController): void {
  if (signal.aborted) cancel.abort();
  else signal.addEventListener("abort", () => cancel.abort(), { once: true });
}

function injected({ forwarded = [] }: Grant, { rule }: AuthorizedTarget) {
  return forwarded.length === 0 ? rule.headers : [...forwarded, ...rule.headers];
}

function hasBody({ method }: Request, { body }: Grant): boolean {
  return body !== undefined || (method !== "GET" && method !== "HEAD");
}

async function bodyToSend(
  request: Request,
  { app, body }: Grant,
  { rule }: AuthorizedTarget,
  exchange: Exchange,
  cancel: AbortController,
  wait: HeadTimer,
  { timers, uploadIdleTimeout = DEFAULTS.uploadIdleTimeout }: ForwardOptions,
) {
  const limit = Math.min(app.maxBody ?? Infinity, rule.maxBody ?? Infinity);
  const onBytes = (bytes: number) => {
    exchange.received(bytes);
    wait.restart();
    if (exchange.bytesIn > limit) cancel.abort(new GatewayError("body_too_large"));
  };
  const length = body?.length ?? contentLength(request.headers) ?? 0;
  if (length > limit) throw new GatewayError("body_too_large");
  if (body) {
    onBytes(body.length);
    return body;
  }
  const onSilence = () => cancel.abort(new GatewayError("request_timeout"));
  const onEnd = (callback: () => void) => exchange.onEnd(callback);
  return outboundBody(
    request,
    { idleTimeout: uploadIdleTimeout, timers },
    { onBytes, onSilence, onEnd },
  );
}

function limitDuration(
  exchange: Exchange,
  cancel: AbortController,
  { maxDuration, timers }: ForwardOptions,
): void {
  if (!(maxDuration > 0)) return;
  const expire = () => cancel.abort(new GatewayError("upstream_timeout", "max duration"));
  const timer = timers.start(expire, maxDuration * 1000);
  exchange.onEnd(() => timers.stop(timer));
}

function keepLength(inbound: Headers, outbound: Headers): void {
  const length = contentLength(inbound);
  if (length !== undefined) outbound.set("content-length", String(length));
}

async function fetchHead(
  upstream: AuthorizedTarget,
  request: OutboundRequest,
  cancel: AbortController,
  wait: HeadTimer,
  { fetchUpstream }: ForwardOptions,
): Promise<Response> {
  wait.restart();
  try {
    return await fetchUpstream(upstream, request, (reason) => cancel.abort(reason));
  } catch (error) {
    const { reason } = cancel.signal;
    throw reason instanceof GatewayError ? reason : error;
  } finally {
    wait.stop();
  }
}

interface HeadTimer {
  restart: () => void;
  stop: () => void;
}

// An upstream cannot answer before it has the request: each piece of an upload begins the wait anew.
function headTimer(seconds: number, cancel: AbortController, timers: TimerWheel): HeadTimer {
  let timer: Timer | undefined;
  let stopped = !(seconds > 0);
  const expire = () => cancel.abort(new GatewayError("upstream_timeout"));
  return {
    restart() {
      timers.stop(timer);
      if (!stopped) timer = timers.start(expire, seconds * 1000);
    },
    stop() {
      stopped = true;
      timers.stop(timer);
    },
  };
}

async function throughHook(
  onResponse: NonNullable<Hooks["onResponse"]>,
  { app }: Grant,
  response: Response,
  cancel: AbortController,
  exchange: Exchange,
): Promise<Response> {
  try {
    const replaced = await onResponse(app.id, response);
    if (!replaced || replaced === response) return response;
    // It may be built around the upstream's body, which is nobody's only when all is over.
    exchange.onEnd(() => discard(response));
    if (replaced.status < 200) return replaced;
    // Its length, taken over with the upstream's headers, need not be that of the new body.
    const headers = new Headers(replaced.headers);
    headers.delete("content-length");
    return new Response(replaced.body, { status: replaced.status, headers });
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

function discard({ body, bodyUsed }: Response): void {
  if (body && !bodyUsed && !body.locked) void body.cancel().catch(() => {});
}
