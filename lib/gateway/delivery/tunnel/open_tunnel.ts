import type { OpenedSocket, OutboundHandshake } from "../../dial_upstream.ts";
import { injectsCredential } from "../../model/injects_credential.ts";
import { GatewayError } from "../../problem/gateway_error.ts";
import { nameRequest } from "../../record/request_id.ts";
import type { SocketEnd } from "../../socket_end.ts";
import { applyCredential, hasOwnCredential, noteStatus } from "../credentials/apply_credential.ts";
import { hideParameters, upstreamRequestId } from "../credentials/hide_parameters.ts";
import { outboundTarget } from "../credentials/outbound_target.ts";
import { deliver } from "../forward.ts";
import { createHeadTimer } from "../head_timer.ts";
import { limitDuration } from "../limit_duration.ts";
import { outboundHeaders } from "../outbound_headers.ts";
import { reachUpstream } from "../reach_upstream.ts";
import { stripResponseHeaders } from "../response_headers.ts";
import { namesKeptFromTokens } from "../token_response.ts";
import type { Transfer } from "../transfer.ts";
import { offeredProtocols } from "./assert_handshake.ts";
import { type Protocols, withoutCredentials } from "./protocols.ts";
import { Tunnel } from "./tunnel.ts";

/** How the client is answered. */
export interface TunnelOptions {
  /** Answers the handshake of the client, and returns its end; `undefined` when the client has left. */
  accept: (headers: Headers) => SocketEnd | undefined;
  /** Further headers of the answer, such as `RateLimit`. Absent: none. */
  fields?: Readonly<Record<string, string>> | undefined;
}

/**
 * Opens a WebSocket to the upstream, and only then the one to the client, and relays their messages.
 *
 * @param transfer an admitted request, whose handshake is checked
 * @param options how the client is answered
 * @returns a response with the status 101, which the server has sent already; that of the upstream if it refuses
 * @throws GatewayError as `forward` does
 */
export async function openTunnel(transfer: Transfer, options: TunnelOptions): Promise<Response> {
  const { inbound, cancel } = transfer;
  const { signal } = inbound.request;
  const leave = () => cancel.abort();
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave);
  limitDuration(transfer);
  const protocols = protocolsOf(transfer);
  const dialled = await dial(transfer, protocols);
  if (dialled instanceof Response) return deliver(transfer, dialled);
  const upstream = dialled.socket;
  try {
    cancel.signal.throwIfAborted();
    const client = options.accept(answerHead(transfer, dialled, { protocols, options }));
    if (!client) throw new GatewayError("request_malformed", "the client left");
    signal.removeEventListener("abort", leave);
    relay(transfer, client, upstream);
  } catch (error) {
    upstream.terminate();
    throw error;
  }
  return new Response(null, { status: SWITCHED });
}

const SWITCHED = 101;

function protocolsOf({ inbound, admission: { grant, target } }: Transfer): Protocols {
  const offered = offeredProtocols(inbound.request.headers) ?? [];
  return withoutCredentials(offered, grant.token, injectsCredential(target.rule));
}

async function dial(transfer: Transfer, { offered }: Protocols): Promise<OpenedSocket | Response> {
  const { admission, cancel, options } = transfer;
  const headers = outboundHeaders(transfer);
  let target = outboundTarget(admission.target);
  const prepare = async () => {
    target = await applyCredential(transfer, { method: "GET", headers, body: null });
  };
  const handshake: OutboundHandshake = {
    headers,
    protocols: offered,
    maxMessage: options.maxMessage,
    signal: cancel.signal,
  };
  const dialled = await reachUpstream(transfer, createHeadTimer(transfer), {
    prepare: hasOwnCredential(transfer) ? prepare : undefined,
    send: (abort) => options.dialUpstream!(target, handshake, abort),
  });
  if (dialled instanceof Response) noteStatus(transfer, headers, dialled.status);
  return dialled;
}

/** The headers of the answer to the client. An empty `Sec-WebSocket-Protocol` is not sent. */
function answerHead(
  { admission, exchange, settlement }: Transfer,
  { headers, protocol }: OpenedSocket,
  { protocols, options }: { protocols: Protocols; options: TunnelOptions },
): Headers {
  const head = new Headers(headers);
  const { keepCaching = false } = admission.target.rule;
  stripResponseHeaders(head, { keepCaching }, namesKeptFromTokens(admission));
  // It says nothing at this status, and would name a place past the gateway.
  if (admission.grant.token !== undefined) head.delete("location");
  hideParameters(head, admission.target.rule);
  exchange.upstreamResponded(upstreamRequestId(headers, admission.target.rule));
  exchange.trace?.responded(SWITCHED);
  exchange.headReady(SWITCHED);
  settlement?.opened({ status: SWITCHED, headers });
  nameRequest(head, exchange);
  for (const [name, value] of Object.entries(options.fields ?? {})) head.set(name, value);
  head.set("Sec-WebSocket-Protocol", protocol ?? protocols.word ?? "");
  return head;
}

function relay(transfer: Transfer, client: SocketEnd, upstream: SocketEnd): void {
  const { admission, cancel, early, exchange, options } = transfer;
  const tunnel = new Tunnel(transfer, { client, upstream });
  early?.handOver(tunnel);
  cancel.signal.addEventListener("abort", () => {
    const { reason } = cancel.signal;
    tunnel.end(reason instanceof GatewayError ? reason : new GatewayError("internal_error"));
  });
  const { scheme, expiresAt } = admission.grant.credential;
  // A signed URL's expiry is for the handshake alone.
  if (scheme === "token" && expiresAt !== undefined) {
    const expire = () => tunnel.end(new GatewayError("token_expired"));
    const timer = options.timers.start(expire, Math.max(expiresAt - options.now(), 0));
    exchange.onEnd(() => options.timers.stop(timer));
  }
  tunnel.start();
}
