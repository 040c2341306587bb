import { contentLength } from "../body/message_length.ts";
import type { InboundRequest } from "../inbound.ts";
import type { Admission } from "../model/grant.ts";
import { isRoute } from "../model/route.ts";
import type { InjectedHeader } from "../model/rule.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { OutboundRequest } from "../fetch_upstream.ts";
import { abandon, drainUpstream, outcomeOfLeaving } from "./abandon.ts";
import { withheldHeaders } from "./caller_credentials.ts";
import { editResponse } from "./edit_response.ts";
import { forwardedHeaders } from "./forwarded_headers.ts";
import { createHeadTimer, type HeadTimer } from "./head_timer.ts";
import { outboundRequestHeaders } from "./request_headers.ts";
import { respond } from "./respond.ts";
import { refusalOf, refuseResponse } from "./token_response.ts";
import { applyResponseHook } from "./response_hook.ts";
import type { Settlement } from "./settlement.ts";
import type { Transfer } from "./transfer.ts";
import { upload } from "./upload.ts";

/**
 * Sends a request to its upstream and streams the response back.
 *
 * @param transfer an admitted request
 * @throws GatewayError `upstream_unreachable`, `upstream_broken`, `upstream_timeout`,
 *   `request_timeout`, `request_malformed`, `body_too_large`, `headers_too_large`; for a request with a
 *   token also `credential_refused`, `redirect_refused`; for one with a reservation also `bytes_exhausted`,
 *   `ledger_unavailable`
 */
export async function forward(transfer: Transfer): Promise<Response> {
  const { inbound, admission, exchange, cancel, options } = transfer;
  const { method, headers: inboundHeaders } = inbound.request;
  // A listener that is never called costs as much as all the timers of an exchange.
  exchange.onLongRunning(() => cancelWhenClientLeaves(transfer));
  const headers = outboundHeaders(transfer);
  const lifetime = limitDuration(transfer);
  const headTimer = createHeadTimer(transfer);
  const uploading = upload(transfer, headTimer, lifetime);
  const body = uploading instanceof Promise ? await uploading : uploading;
  if (body instanceof ReadableStream) keepLength(inboundHeaders, headers);
  const request = { method, headers, body, signal: cancel.signal };
  const head = await fetchHead(transfer, request, headTimer);
  if (transfer.checked) inbound.body.release();
  exchange.upstreamResponded(head.headers.get("x-request-id"));
  const response = transfer.settlement ? await observe(head, transfer, transfer.settlement) : head;
  const refusal = admission.grant.token && refusalOf(response, admission);
  if (refusal) await refuseResponse(refusal, transfer);
  const edited = transfer.checked?.response ? edit(response, transfer) : response;
  const { onResponse } = options;
  const final = onResponse ? await applyResponseHook(onResponse, edited, transfer) : edited;
  const answer = await respond(transfer, final, admission.target.rule);
  // It may have left while the response was made, and then nobody need read it.
  exchange.onLongRunning(() => {
    if (inbound.request.signal.aborted) cancelAfterClient(transfer);
  });
  return answer;
}

function edit(response: Response, { checked, cancel }: Transfer): Response {
  try {
    return editResponse(response, checked!.response!);
  } catch (error) {
    cancel.abort();
    throw error;
  }
}

// A body that was checked is written as this type.
const JSON_TYPE: InjectedHeader = ["Content-Type", "application/json"];

function cancelWhenClientLeaves(transfer: Transfer): void {
  const { signal } = transfer.inbound.request;
  const leave = () => cancelAfterClient(transfer);
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
}

function cancelAfterClient(transfer: Transfer): void {
  const { exchange, settlement, cancel } = transfer;
  const drains = settlement?.drains === true;
  // Whether the runtime then reads or cancels the response is its own affair.
  const isEnding = exchange.hasHead || (drains && settlement.hasHead);
  if (isEnding) abandon(transfer, outcomeOfLeaving(transfer));
  // Until the head of the upstream arrives there is nothing to drain.
  else if (!drains) cancel.abort();
}

/** Lets the settlement read a response. Without a client it is read here, if it is to be read at all. */
async function observe(
  head: Response,
  transfer: Transfer,
  settlement: Settlement,
): Promise<Response> {
  const response = settlement.observe(head);
  if (!settlement.drains || !transfer.inbound.request.signal.aborted) return response;
  await drainUpstream(transfer);
  throw transfer.inbound.request.signal.reason;
}

function outboundHeaders({ inbound, admission, checked }: Transfer): Headers {
  const { grant } = admission;
  const injected = injectedHeaders(inbound, admission);
  const headers = checked?.hasBody ? [JSON_TYPE, ...injected] : injected;
  const outbound = outboundRequestHeaders(inbound.request.headers, headers, {
    signed: grant.coveredHeaders,
    withheld: withheldHeaders(admission, checked),
    token: grant.token,
    isForwarded: checked?.isForwardedHeader,
  });
  // The runtime would ask for codings of its own.
  if (checked?.isForwardedHeader && !outbound.has("accept-encoding")) {
    outbound.set("accept-encoding", "identity");
  }
  return outbound;
}

function injectedHeaders(
  inbound: InboundRequest,
  { grant: { principal, credential }, target: { rule } }: Admission,
): readonly InjectedHeader[] {
  const { headers, subjectHeader } = rule;
  if (isRoute(principal)) return [...forwardedHeaders(inbound), ...headers];
  if (subjectHeader === undefined || credential.subject === undefined) return headers;
  return [...headers, [subjectHeader, credential.subject]];
}

/** Returns how long the exchange may still last, in milliseconds. */
function limitDuration({ admission, exchange, cancel, early, options }: Transfer): number {
  const { timers, maxDuration } = options;
  // The time in which a signed body was read counts as well.
  const lifetime = exchange.timeLeft(maxDuration, admission.grant.permits.seconds);
  if (lifetime === Infinity) return lifetime;
  const error = new GatewayError("upstream_timeout", "max duration");
  // The time that a grant allows ends a stream in a form that clients can read.
  const isGranted = early && lifetime < exchange.timeLeft(maxDuration);
  const expire = () => (isGranted ? early.end(error) : cancel.abort(error));
  const timer = timers.start(expire, lifetime);
  exchange.onEnd(() => timers.stop(timer));
  return lifetime;
}

function keepLength(inbound: Headers, outbound: Headers): void {
  const length = contentLength(inbound);
  if (length !== undefined) outbound.set("content-length", String(length));
}

async function fetchHead(
  { inbound, admission: { target }, exchange, cancel, options, reservation, settlement }: Transfer,
  request: OutboundRequest,
  headTimer: HeadTimer,
): Promise<Response> {
  headTimer.restart();
  try {
    if (request.body instanceof ReadableStream) await countArrivedPieces(cancel.signal);
    // It may have left while the reservation was made, and then nothing is charged.
    if (reservation) inbound.request.signal.throwIfAborted();
    exchange.forwarded(target.rule.url?.host ?? "any");
    settlement?.sending();
    return await options.fetchUpstream(target, request, (reason, mayBeSent) => {
      if (!mayBeSent) settlement?.notSent();
      cancel.abort(reason);
    });
  } catch (error) {
    const { reason } = cancel.signal;
    if (error instanceof GatewayError && error.code === "upstream_unreachable") {
      settlement?.notSent();
    }
    throw reason instanceof GatewayError ? reason : error;
  } finally {
    headTimer.stop();
  }
}

// Pieces that arrived with the head are counted before there is a connection. A body over its limit then
// reaches no upstream, and `fetch` sends a body that has already ended with `Content-Length: 0`.
async function countArrivedPieces(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
