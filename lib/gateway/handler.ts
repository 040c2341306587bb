import { accept, type AcceptanceParts, assertServable } from "./accept.ts";
import type { UploadLimits } from "./body/upload_limits.ts";
import { corsPolicy, type CorsParts } from "./cors_of_request.ts";
import { isPreflight, preflightRefusal, preflightResponse } from "./cors/preflight.ts";
import { addCorsHeaders } from "./cors/response.ts";
import { forward } from "./delivery/forward.ts";
import { respondHere } from "./delivery/respond_here.ts";
import { hardenResponseHeaders } from "./delivery/response_headers.ts";
import { withoutLength } from "./delivery/response_hook.ts";
import { createTransfer, type DeliveryOptions, type Transfer } from "./delivery/transfer.ts";
import { assertHandshake } from "./delivery/tunnel/assert_handshake.ts";
import { openTunnel, type TunnelOptions } from "./delivery/tunnel/open_tunnel.ts";
import { type Hooks, requestForHook } from "./hooks.ts";
import { type ClientInfo, InboundRequest } from "./inbound.ts";
import type { ConcurrencyLimits } from "./ledger/concurrency_limits.ts";
import type { Demands } from "./ledger/demands.ts";
import { type Held, heldUnless, hold, type HoldParts } from "./ledger/hold.ts";
import type { OpenExchange, OpenExchanges } from "./ledger/revocation/open_exchanges.ts";
import type { CheckedRequest } from "./model/checked_request.ts";
import { Exchange, type ExchangeOptions } from "./record/exchange.ts";
import { nameRequest } from "./record/request_id.ts";
import { receiptOf, responseReserver } from "./receipts.ts";
import { type RefusalOptions, refusalResponse } from "./refusal.ts";

/** The parts of {@link createHandler}. */
export interface HandlerParts extends AcceptanceParts, CorsParts {
  admission: AcceptanceParts["admission"];
  connections: ConcurrencyLimits;
  demands: Demands;
  /** The ledger, for requests that count. */
  counting: HoldParts;
  /** The exchanges that can be ended before their upstream does. Absent: none can be. */
  open?: OpenExchanges | undefined;
  delivery: DeliveryOptions;
  exchange: ExchangeOptions;
  refusal: RefusalOptions;
  uploadLimits: UploadLimits;
  hooks: Pick<Hooks, "onRequest">;
}

/** The gateway as a function. */
export type Handler = (request: Request, client?: ClientInfo) => Promise<Response>;

/**
 * Creates the gateway: a function from a request to its response. A request passes admission, policy,
 * ledger and delivery, in this order. Every refusal becomes a response here.
 *
 * @param parts the steps, their settings and the hooks
 */
export function createHandler(parts: HandlerParts): Handler {
  return async (request, client = {}) => {
    const exchange = new Exchange(request, parts.exchange);
    const inbound = new InboundRequest(request, client, parts.uploadLimits);
    suspendIdleTimeout(inbound, exchange);
    let response: Response;
    try {
      const isAnsweredHere =
        isPreflight(request) || (request.method === "OPTIONS" && (await isProbe(parts, inbound)));
      response = isAnsweredHere
        ? await answerPreflight(parts, inbound, exchange)
        : await serve(parts, inbound, exchange);
    } catch (error) {
      response = await answerError(error, parts, inbound, exchange);
    }
    const policy = corsPolicy(parts, inbound);
    const { headers } = response;
    addCorsHeaders(headers, request, policy instanceof Promise ? await policy : policy);
    hardenResponseHeaders(headers);
    nameRequest(headers, exchange);
    // Frames may follow a refused handshake. They must not be read as a request.
    if (request.method === "GET" && request.headers.has("upgrade")) {
      headers.set("Connection", "close");
    }
    return response;
  };
}

async function answerError(
  error: unknown,
  { admission, refusal }: HandlerParts,
  inbound: InboundRequest,
  exchange: Exchange,
): Promise<Response> {
  const principal = await admission.claims(inbound);
  const hasJwt = () => admission.hasJwt(inbound);
  return refusalResponse(error, { inbound, exchange, principal, hasJwt }, refusal);
}

async function serve(
  parts: HandlerParts,
  inbound: InboundRequest,
  exchange: Exchange,
): Promise<Response> {
  const { connections, cors, counting, delivery, demands, hooks } = parts;
  const { request } = inbound;
  const accepted = await accept(parts, inbound, exchange);
  if (accepted instanceof Response) {
    const cancel = new AbortController();
    return respondHere({ inbound, exchange, cancel, options: delivery }, accepted);
  }
  const { admission, checked } = accepted;
  const opened = parts.open?.register(exchange, admission);
  // Counted only after admission: an unverified request must not take the place of a verified one.
  reserve(connections, exchange, demands(admission));
  const { id } = admission.grant.principal;
  const hookResponse = hooks.onRequest && (await hooks.onRequest(id, requestForHook(inbound)));
  if (hookResponse) {
    const transfer = createTransfer({ inbound, admission, exchange, checked }, delivery);
    return respondHere(withoutToken(transfer), withoutLength(hookResponse));
  }
  const acceptSocket = delivery.dialUpstream && socketAcceptor(inbound);
  if (acceptSocket) {
    assertHandshake(request, admission.target.rule, admission.grant.principal.cors ?? cors);
  }
  const receipt = receiptOf(counting, admission, exchange);
  const holding = hold(counting, admission, checked, receipt && JSON.stringify(receipt));
  const held = holding && heldIfWanted(await holding, inbound, opened);
  opened?.assertOpen();
  const transfer = createTransfer(
    {
      ...{ inbound, admission, exchange, checked, receipt, opened, reservation: held?.reservation },
      ...(acceptSocket && checked?.bound && responseReserver(counting, admission, exchange)),
    },
    delivery,
  );
  if (acceptSocket) return openTunnel(transfer, { accept: acceptSocket, fields: held?.fields });
  const response = await forward(transfer);
  return checked || held ? addOwnHeaders(response, checked, held) : response;
}

/** Returns what answers the handshake; `undefined` when the request is none, or the server has no WebSockets. */
function socketAcceptor(inbound: InboundRequest): TunnelOptions["accept"] | undefined {
  if (!inbound.isHandshake) return undefined;
  const { client, request } = inbound;
  return (headers) => client.acceptSocket!(request, headers);
}

/** Checks that the operator has not ended a request, and its client has not left. Otherwise it gives back what is held. */
function heldIfWanted(
  held: Held,
  { request }: InboundRequest,
  opened: OpenExchange | undefined,
): Held {
  return heldUnless(held, () => {
    opened?.assertOpen();
    request.signal.throwIfAborted();
  });
}

/** Tells the client what policies changed in its request, and what is left of its limits. */
function addOwnHeaders(
  response: Response,
  checked: CheckedRequest | undefined,
  held: Held | undefined,
): Response {
  const { headers } = response;
  const edits = checked?.edits ?? [];
  if (edits.length > 0) headers.set("X-Sw-Edited", edits.join(", "));
  for (const [name, value] of Object.entries(held?.fields ?? {})) headers.set(name, value);
  return response;
}

/** A transfer whose response is the embedding program's own, and not edited as that of an upstream. */
function withoutToken(transfer: Transfer): Transfer {
  const { token: _, ...grant } = transfer.admission.grant;
  return { ...transfer, admission: { ...transfer.admission, grant } };
}

/** Counts an exchange in all limits on connections until it ends. */
function reserve(
  connections: ConcurrencyLimits,
  exchange: Exchange,
  demands: ReturnType<Demands>,
): void {
  const reservation = connections.reserve(demands);
  exchange.onEnd(() => reservation.release());
  exchange.onLongRunning(() => reservation.countUnlimited());
}

/** Whether it is an OPTIONS request of a load balancer or probe: neither a preflight nor for an upstream. */
async function isProbe(
  { admission, refusal }: HandlerParts,
  inbound: InboundRequest,
): Promise<boolean> {
  assertServable(inbound.request, refusal.phase());
  return !(await admission.isForUpstream(inbound));
}

async function answerPreflight(
  parts: HandlerParts,
  inbound: InboundRequest,
  exchange: Exchange,
): Promise<Response> {
  const { request } = inbound;
  const policy = await corsPolicy(parts, inbound);
  const response = preflightResponse(request, policy);
  const reason = isPreflight(request) ? preflightRefusal(request, policy) : undefined;
  if (reason !== undefined) exchange.noted(reason);
  exchange.headReady(response.status);
  exchange.end("preflight");
  return response;
}

function suspendIdleTimeout({ client, request }: InboundRequest, exchange: Exchange): void {
  const suspend = client.suspendIdleTimeout;
  if (suspend) exchange.onLongRunning(() => exchange.onEnd(suspend(request)));
}
