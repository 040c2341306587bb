import { type HeartbeatOptions, relayEvents } from "../body/event_stream.ts";
import { isEventStream } from "../body/event_type.ts";
import { contentLength, SMALL_BODY } from "../body/message_length.ts";
import { openBody } from "../body/reader_stream.ts";
import { type Bytes, openReader, relay } from "../body/relay.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import { cancelStalled, watchUpstream } from "./abandon.ts";
import { hideParameters } from "./credentials/hide_parameters.ts";
import { assertFinalStatus } from "./final_status.ts";
import { heartbeatFor, type HeartbeatRule } from "./heartbeat.ts";
import { allowWhole, assertBytesLeft, limitBody } from "./limit_body.ts";
import { observeBody } from "./observe_body.ts";
import { stripResponseHeaders } from "./response_headers.ts";
import { editTokenHeaders, namesKeptFromTokens } from "./token_response.ts";
import type { ResponseTransfer } from "./transfer.ts";

/** The settings of a rule for responses. */
export type ResponseLimits = Pick<UpstreamRule, "idleTimeout" | "keepCaching" | "keepCookies"> &
  HeartbeatRule;

const NO_BODY: readonly number[] = [204, 205, 304];

/**
 * Turns an upstream's response into the client's: small bodies whole, others as a stream.
 *
 * @param transfer the transfer, which is cancelled when the response cannot be forwarded
 * @param response the upstream's response, with its body unread
 * @param limits the settings of the rule. Default: the gateway's
 * @returns the response to the client
 * @throws GatewayError `upstream_broken`, `upstream_timeout`
 */
export async function respond(
  transfer: ResponseTransfer,
  response: Response,
  limits: ResponseLimits = {},
): Promise<Response> {
  const { inbound, exchange } = transfer;
  const { status } = response;
  assertFinalStatus(response, transfer.cancel);
  // The headers of a fetched response are immutable.
  const headers = new Headers(response.headers);
  const length = acceptHead(transfer, headers, limits);
  // An event stream is always relayed, whatever its length.
  const isEvents = isEventStream(headers);
  if (isEvents) exchange.trace?.streams();
  const isSmall = !isEvents && length !== undefined && length <= SMALL_BODY;
  const hasNoBody = inbound.request.method === "HEAD" || NO_BODY.includes(status);
  // Reading `body` creates a stream, which a small body does not need.
  if (hasNoBody || (!isSmall && !response.body)) {
    exchange.headReady(status);
    exchange.end("complete");
    return new Response(null, { status, headers });
  }
  if (transfer.reservation && !isSmall && length !== undefined) {
    await assertBytesLeft(transfer, length);
  }
  const idleTimeout = limits.idleTimeout ?? transfer.options.idleTimeout;
  const heartbeat = isEvents ? heartbeatFor(transfer, headers, limits) : undefined;
  if (heartbeat) headers.delete("content-length");
  const body = isSmall
    ? await readWhole(transfer, response, idleTimeout)
    : await relayBody(transfer, response.body!, { status, idleTimeout, heartbeat, headers });
  if (body instanceof ReadableStream) return new Response(body, { status, headers });
  exchange.headReady(status);
  exchange.sent(body.byteLength);
  transfer.settlement?.passed(body.byteLength);
  exchange.end("complete");
  return new Response(headers.has("content-type") ? body : asStream(body), { status, headers });
}

/** Checks the head and edits its headers. Returns the length of the body, if it is known. */
function acceptHead(
  { inbound, cancel, admission, options }: ResponseTransfer,
  headers: Headers,
  limits: ResponseLimits,
): number | undefined {
  try {
    const length = bodyLength(headers);
    stripResponseHeaders(headers, limits, namesKeptFromTokens(admission));
    hideParameters(headers, admission?.target.rule);
    if (admission?.grant.token !== undefined) {
      const { publicPath } = options;
      editTokenHeaders(headers, { inbound, admission, publicPath });
    }
    return length;
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

function bodyLength(headers: Headers): number | undefined {
  const coding = headers.get("transfer-encoding");
  if (coding === null) return contentLength(headers);
  // RFC 9112, section 6.1: a response to a request without TE can have no other coding.
  if (!/^(chunked)?$/i.test(coding.trim())) {
    throw new GatewayError("upstream_broken", "unsupported transfer coding");
  }
  // RFC 9112, section 6.3: next to a transfer coding, the length is ignored.
  headers.delete("content-length");
  return undefined;
}

async function readWhole(
  transfer: ResponseTransfer,
  response: Response,
  idleTimeout: number,
): Promise<ArrayBuffer> {
  const { timers } = transfer.options;
  const giveUp = () => cancelStalled(transfer.cancel);
  const timer = idleTimeout > 0 ? timers.start(giveUp, idleTimeout * 1000) : undefined;
  let body: ArrayBuffer;
  try {
    body = await response.arrayBuffer();
  } catch (error) {
    throw brokenBody(error, transfer);
  } finally {
    timers.stop(timer);
  }
  if (transfer.reservation) await allowWhole(transfer, body.byteLength);
  return body;
}

/** How a body is relayed. */
interface RelayOptions {
  status: number;
  idleTimeout: number;
  heartbeat: HeartbeatOptions | undefined;
  /** The headers of the response. */
  headers: Headers;
}

async function relayBody(
  transfer: ResponseTransfer,
  upstreamBody: ReadableStream<Bytes>,
  { status, idleTimeout, heartbeat, headers }: RelayOptions,
): Promise<ReadableStream<Bytes>> {
  const stall = watchUpstream(transfer, idleTimeout);
  stall.wait();
  const body = openBody(upstreamBody);
  const limited = limitBody(transfer, { body, headers, stall });
  const events = observeBody(transfer, { status, stall, limited });
  const source = limited ? openReader(limited) : body;
  if (heartbeat) {
    const relayed = relayEvents(source, heartbeat, events);
    const stream = await readOrThrowBroken(relayed, transfer, stall);
    limited?.begin();
    return stream;
  }
  // The server sends no head before the first piece. Until then a failure can become a problem response.
  await readOrThrowBroken(source.first, transfer, stall);
  limited?.begin();
  return relay(source, events);
}

async function readOrThrowBroken<T>(
  reading: Promise<T>,
  transfer: ResponseTransfer,
  stall: StallWatch,
): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    stall.stop();
    throw brokenBody(error, transfer);
  }
}

/** Cancels the transfer, since an upstream goes on if its body cannot be read here. Returns the error for the client. */
function brokenBody(error: unknown, { cancel }: ResponseTransfer): GatewayError {
  cancel.abort();
  if (error instanceof GatewayError) return error;
  const { reason } = cancel.signal;
  if (reason instanceof GatewayError) return reason;
  return new GatewayError("upstream_broken", "the body ended early");
}

// The runtime adds a content type to bytes without one, but not to a stream.
function asStream(body: ArrayBuffer): ReadableStream<Bytes> {
  return new ReadableStream({
    start(controller) {
      if (body.byteLength > 0) controller.enqueue(new Uint8Array(body));
      controller.close();
    },
  });
}
