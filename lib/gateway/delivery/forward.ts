import { contentLength } from "../body/message_length.ts";
import type { OutboundRequest } from "../fetch_upstream.ts";
import { answerProbe } from "./answer_probe.ts";
import { drainUpstream } from "./abandon.ts";
import {
  applyCredential,
  hasOwnCredential,
  needsSignedBody,
  noteStatus,
  readSignedBody,
  type SentBody,
} from "./credentials/apply_credential.ts";
import { cancelIfClientLeft, cancelWhenClientLeaves } from "./client_leaves.ts";
import { upstreamRequestId } from "./credentials/hide_parameters.ts";
import { outboundTarget } from "./credentials/outbound_target.ts";
import { editResponse } from "./edit_response.ts";
import { assertFinalStatus } from "./final_status.ts";
import { createHeadTimer, type HeadTimer } from "./head_timer.ts";
import { limitDuration } from "./limit_duration.ts";
import { outboundHeaders } from "./outbound_headers.ts";
import { reachUpstream } from "./reach_upstream.ts";
import { respond } from "./respond.ts";
import { refusalOf, refuseResponse } from "./token_response.ts";
import { applyResponseHook } from "./response_hook.ts";
import type { Settlement } from "./settlement.ts";
import { PROBE_RULE } from "../model/probe_target.ts";
import { injectsCredential } from "../model/injects_credential.ts";
import type { Transfer } from "./transfer.ts";
import { upload } from "./upload.ts";

/**
 * Sends a request to its upstream and streams the response back.
 *
 * @param transfer an admitted request
 * @throws GatewayError `upstream_unreachable`, `upstream_broken`, `upstream_timeout`,
 *   `request_timeout`, `request_malformed`, `body_too_large`, `headers_too_large`; for a request with a
 *   token also `credential_refused`, `redirect_refused`; for one with a credential that is fetched also
 *   `credential_unavailable`; for one with a reservation also `bytes_exhausted`,
 *   `ledger_unavailable`
 */
export async function forward(transfer: Transfer): Promise<Response> {
  const { inbound, exchange, cancel } = transfer;
  const { method, headers: inboundHeaders } = inbound.request;
  // A listener that is never called costs as much as all the timers of an exchange.
  exchange.onLongRunning(() => cancelWhenClientLeaves(transfer));
  const headers = outboundHeaders(transfer);
  const lifetime = limitDuration(transfer);
  if (needsSignedBody(transfer)) await readSignedBody(transfer, lifetime);
  const headTimer = createHeadTimer(transfer);
  const uploading = upload(transfer, headTimer, lifetime);
  const body = uploading instanceof Promise ? await uploading : uploading;
  if (body instanceof ReadableStream) keepLength(inboundHeaders, headers);
  const request = { method, headers, body, signal: cancel.signal };
  const head = await fetchHead(transfer, request, headTimer);
  noteStatus(transfer, headers, head.status);
  return deliver(transfer, head);
}

/**
 * Passes the response of an upstream on to the client.
 *
 * @param transfer an admitted request
 * @param head the response, with its body unread
 * @throws GatewayError as {@link forward} does
 */
export async function deliver(transfer: Transfer, head: Response): Promise<Response> {
  const { inbound, admission, exchange, options } = transfer;
  if (transfer.checked) inbound.body.release();
  exchange.upstreamResponded(upstreamRequestId(head.headers, admission.target.rule));
  exchange.trace?.responded(head.status);
  assertFinalStatus(head, transfer.cancel);
  // A caller's own credential never goes up beside the operator's.
  const isRefused = head.status === 401 || head.status === 403;
  if (isRefused && injectsCredential(admission.target.rule)) {
    exchange.credentialRefused(head.status);
  }
  const response = transfer.settlement ? await observe(head, transfer, transfer.settlement) : head;
  const refusal = admission.grant.token && refusalOf(response, admission);
  if (refusal) await refuseResponse(refusal, transfer);
  const edited = transfer.checked?.response ? edit(response, transfer) : response;
  const { onResponse } = options;
  const final = onResponse ? await applyResponseHook(onResponse, edited, transfer) : edited;
  const answer = await respond(transfer, final, admission.target.rule);
  cancelIfClientLeft(transfer);
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

/** Lets the settlement read a response. Without a client it is read here, if it is to be read at all. */
async function observe(
  head: Response,
  transfer: Transfer,
  settlement: Settlement,
): Promise<Response> {
  const response = settlement.observe(head);
  if (!settlement.drains || !transfer.inbound.request.signal.aborted) return response;
  await drainUpstream(transfer);
  // What is not read goes on otherwise.
  transfer.cancel.abort();
  throw transfer.inbound.request.signal.reason;
}

function keepLength(inbound: Headers, outbound: Headers): void {
  const length = contentLength(inbound);
  if (length !== undefined) outbound.set("content-length", String(length));
}

function fetchHead(
  transfer: Transfer,
  request: OutboundRequest & { body: SentBody },
  headTimer: HeadTimer,
): Promise<Response> {
  const { admission, cancel, options } = transfer;
  const isStream = request.body instanceof ReadableStream;
  let target = outboundTarget(admission.target);
  const prepare = async () => {
    if (isStream) await countArrivedPieces(cancel.signal);
    target = await applyCredential(transfer, request);
  };
  return reachUpstream(transfer, headTimer, {
    prepare: isStream || hasOwnCredential(transfer) ? prepare : undefined,
    send: (abort) =>
      target.rule === PROBE_RULE
        ? answerProbe(target.url, cancel.signal)
        : options.fetchUpstream(target, request, abort),
  });
}

// Pieces that arrived with the head are counted before there is a connection. A body over its limit then
// reaches no upstream, and `fetch` sends a body that has already ended with `Content-Length: 0`.
async function countArrivedPieces(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
