import { isEventStream, relayEvents } from "../body/event_stream.ts";
import type { Exchange } from "../record/exchange.ts";
import type { Phase } from "../model/phase.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { type Bytes, openBody, relay, type RelayEvents } from "../body/relay.ts";
import { type StallWatch, watchForStall } from "../time/stall_watch.ts";
import { contentLength, SMALL_BODY } from "../body/request_body.ts";
import { stripResponseHeaders } from "./response_headers.ts";

/** Settings of {@link answer}. */
export interface AnswerOptions {
  /** Seconds of silence after which an event stream gets a comment; 0 = never. */
  sseHeartbeat: number;
  /** Seconds of silence after which an upstream's body is given up; 0 = never. */
  idleTimeout: number;
  /** Whether `Set-Cookie` stays. Default: no. */
  keepCookies?: boolean;
  /** How far the gateway is in its own life. */
  phase: () => Phase;
  timers: TimerWheel;
}

const NO_BODY: readonly number[] = [204, 205, 304];

/**
 * Turns an upstream's response into the client's: small bodies whole, others as a stream.
 *
 * @param request the inbound request
 * @param response the upstream's, its body unread
 * @param cancel ends the upstream's side
 * @param exchange told of every byte and of the end
 * @param options how to stream
 * @throws GatewayError `upstream_broken`
 */
export async function answer(
  request: Request,
  response: Response,
  cancel: AbortController,
  exchange: Exchange,
  { sseHeartbeat, keepCookies, idleTimeout, phase, timers }: AnswerOptions,
): Promise<Response> {
  const { status } = response;
  // The ones of a response that was fetched are nobody's to edit.
  const headers = new Headers(response.headers);
  const length = contentLength(headers);
  acceptHead(status, headers, cancel, keepCookies);
  const isSmall = length !== undefined && length <= SMALL_BODY;
  const hasNone = request.method === "HEAD" || NO_BODY.includes(status);
  // To ask for `body` makes a stream of it, which a small one does without.
  if (hasNone || (!isSmall && !response.body)) {
    exchange.headReady(status);
    exchange.end("complete");
    return new Response(null, { status, headers });
  }
  const onSilence = () => cancel.abort(new GatewayError("upstream_timeout", "silence"));
  if (isSmall) {
    const timer = idleTimeout > 0 ? timers.start(onSilence, idleTimeout * 1000) : undefined;
    const body = await orBroken(response.arrayBuffer(), cancel, () => timers.stop(timer));
    timers.stop(timer);
    exchange.headReady(status);
    exchange.sent(body.byteLength);
    exchange.end("complete");
    return new Response(headers.has("content-type") ? body : untyped(body), { status, headers });
  }
  const silence = watchForStall(timers, idleTimeout, onSilence);
  silence.wait();
  const events = observeBody(request, cancel, exchange, silence, phase);
  const source = openBody(response.body!);
  let body: ReadableStream<Bytes>;
  if (sseHeartbeat > 0 && isEventStream(headers)) {
    body = await orBroken(
      relayEvents(source, { seconds: sseHeartbeat, timers }, events),
      cancel,
      silence.stop,
    );
  } else {
    // The server sends no head before the first piece, so what breaks before it can still be told.
    await orBroken(source.first, cancel, silence.stop);
    body = relay(source, events);
  }
  exchange.headReady(status);
  return new Response(body, { status, headers });
}

// RFC 9112, section 6.1: no other coding can stand in a response to a request without TE.
function isChunkedOrPlain(headers: Headers): boolean {
  return /^(chunked)?$/i.test(headers.get("transfer-encoding")?.trim() ?? "");
}

function acceptHead(
  status: number,
  headers: Headers,
  cancel: AbortController,
  keepCookies: boolean | undefined,
): void {
  try {
    // RFC 9110, section 15: a final status has three digits, the first of them 2 to 5.
    if (status < 200 || status > 599) throw new GatewayError("upstream_broken", `status ${status}`);
    if (!isChunkedOrPlain(headers)) throw new GatewayError("upstream_broken", "transfer coding");
    stripResponseHeaders(headers, keepCookies);
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

async function orBroken<T>(
  reading: Promise<T>,
  { signal }: AbortController,
  stop: () => void,
): Promise<T> {
  try {
    return await reading;
  } catch {
    stop();
    const { reason } = signal;
    if (reason instanceof GatewayError) throw reason;
    throw new GatewayError("upstream_broken", "the body broke off");
  }
}

// The runtime gives bytes without a type one of its own, but not a stream, not even one that has ended.
function untyped(body: ArrayBuffer): ReadableStream<Bytes> {
  return new ReadableStream({
    start(controller) {
      if (body.byteLength > 0) controller.enqueue(new Uint8Array(body));
      controller.close();
    },
  });
}

function observeBody(
  request: Request,
  cancel: AbortController,
  exchange: Exchange,
  silence: StallWatch,
  phase: () => Phase,
): RelayEvents {
  const gone = () => (phase() === "cutting" ? "gateway_stopped" : "client_gone");
  return {
    onWait: silence.wait,
    onChunk: (chunk) => {
      silence.arrived();
      exchange.sent(chunk.length);
    },
    onEnd: () => {
      silence.stop();
      exchange.end("complete");
    },
    onError: () => {
      silence.stop();
      const { reason } = cancel.signal;
      if (reason instanceof GatewayError) exchange.failed(reason.code);
      exchange.end(request.signal.aborted ? gone() : "upstream_truncated");
      return new Error("the upstream's body broke off");
    },
    onCancel: () => {
      silence.stop();
      exchange.end(gone());
      cancel.abort();
    },
  };
}
