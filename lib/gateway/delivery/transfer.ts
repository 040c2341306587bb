import type { Hooks } from "../hooks.ts";
import type { InboundRequest } from "../inbound.ts";
import type { LedgerReservation } from "../ledger/ledger.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission } from "../model/grant.ts";
import type { Phase } from "../model/phase.ts";
import type { Endable } from "../problem/endable.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { Exchange } from "../record/exchange.ts";
import { exchangeReceipt, type ReceiptStart } from "../record/receipt.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import type { DialUpstream } from "../dial_upstream.ts";
import type { FetchUpstream } from "../fetch_upstream.ts";
import type { ReserveResponse } from "../held_response.ts";
import { EarlyEnd } from "./early_end.ts";
import { Settlement } from "./settlement.ts";

/** Settings of a delivery. Times are in seconds. */
export interface DeliveryOptions extends Pick<Hooks, "onResponse"> {
  fetchUpstream: FetchUpstream;
  /** Opens WebSockets. Absent: there are none. */
  dialUpstream?: DialUpstream;
  /** How long to wait for the head of the upstream's response; 0 = no limit. */
  headTimeout: number;
  /** The time without data after which an upstream's body is aborted; 0 = never. */
  idleTimeout: number;
  /** How long a whole exchange may last; 0 = no limit. */
  maxDuration: number;
  /** The time without data after which an event stream gets a heartbeat; 0 = never. */
  sseHeartbeat: number;
  /** The silence of the client of a WebSocket after which it gets a ping; 0 = never. */
  wsPing: number;
  /** The largest message of a WebSocket, in bytes. */
  maxMessage: number;
  /** The largest body that is read whole because the signature for an upstream covers it, in bytes. */
  maxSignedBody: number;
  /** The current time in milliseconds since the epoch. */
  now: () => number;
  /** The current phase of the gateway. */
  phase: () => Phase;
  /** Aborted when the gateway cuts what is left, also what goes on without a client. Absent: it never is. */
  cut?: AbortSignal | undefined;
  timers: TimerWheel;
  /** The path prefix that a reverse proxy in front strips. */
  publicPath: string;
}

/** The working set of an exchange in delivery. */
export interface Transfer {
  readonly inbound: InboundRequest;
  readonly admission: Admission;
  /** Records the bytes and the end. */
  readonly exchange: Exchange;
  /** The request as policies changed it. Absent: none applies. */
  readonly checked?: CheckedRequest | undefined;
  /** The reservation in the ledger. Absent: nothing is counted. */
  readonly reservation?: LedgerReservation | undefined;
  /** Begins the receipt of what the exchange uses. Absent: it has none. */
  readonly receipt?: ReceiptStart | undefined;
  /** Settles the reservation and records the usage. Absent: there is neither. */
  readonly settlement?: Settlement | undefined;
  /** Reserves a response within a WebSocket. Absent: nothing is counted for it. */
  readonly reserveResponse?: ReserveResponse | undefined;
  /** Ends the exchange before its upstream does. Absent: nothing may. */
  readonly early?: EarlyEnd | undefined;
  /** Aborts the request to the upstream. */
  readonly cancel: AbortController;
  readonly options: DeliveryOptions;
}

/** The working set of a response. An unverified request may get one too, and has no admission. */
export type ResponseTransfer = Omit<Transfer, "admission"> & Partial<Pick<Transfer, "admission">>;

/** The part of a transfer that is needed to end it. An open stream keeps no more: it has no use for the admission. */
export type EndableTransfer = Pick<
  Transfer,
  "exchange" | "settlement" | "early" | "cancel" | "options"
>;

/** A request that was admitted, and its exchange. */
export interface Admitted extends Pick<
  Transfer,
  "inbound" | "admission" | "exchange" | "checked" | "reservation" | "reserveResponse" | "receipt"
> {
  /** Takes over what ends the exchange, for when its credential is revoked. Absent: it cannot be. */
  opened?: { endWith: (delivery: Endable) => void } | undefined;
}

/**
 * Starts the delivery of a request. When the exchange ends, the reservation is settled, or released if nothing was sent.
 *
 * @param admitted the request, its admission, its exchange, and what it holds in the ledger
 * @param options the settings of the delivery
 */
export function createTransfer(admitted: Admitted, options: DeliveryOptions): Transfer {
  const { inbound, admission, exchange, checked, reservation, receipt } = admitted;
  const cancel = new AbortController();
  const settlement =
    reservation || checked?.usage ? createSettlement(admitted, options.idleTimeout) : undefined;
  return {
    inbound,
    admission,
    exchange,
    checked,
    reservation,
    settlement,
    early: mayEndEarly(admitted) ? createEarlyEnd(admitted, cancel) : undefined,
    receipt,
    reserveResponse: admitted.reserveResponse,
    cancel,
    options,
  };
}

function createSettlement(admitted: Admitted, defaultTimeout: number): Settlement {
  const { admission, exchange, checked, reservation, receipt: start } = admitted;
  const { grant, target } = admission;
  const onAbort = target.rule.onAbort ?? grant.permits.onAbort;
  const { bound, usage } = checked ?? {};
  const drains = onAbort === "drain" && reservation !== undefined && usage !== undefined;
  // Responses that are counted have receipts of their own.
  const hasUsage = admitted.reserveResponse === undefined;
  const receipt =
    start && ((record: Exchange["record"]) => exchangeReceipt(start, record, hasUsage));
  if (usage?.called) exchange.trace?.calls(usage.called);
  const { idleTimeout = defaultTimeout } = target.rule;
  const parts = { exchange, reservation, bound, usage, drains, idleTimeout, receipt };
  const settlement = new Settlement(parts);
  // Each of them is done, also when the other throws.
  exchange.onEnd(() => settlement.record());
  exchange.onEnd(() => settlement.settle());
  return settlement;
}

function mayEndEarly({ admission, reservation, opened }: Admitted): boolean {
  // A reservation without counters is made for its receipt.
  const isCounted = reservation !== undefined && reservation.left.length > 0;
  return isCounted || admission.grant.permits.seconds !== undefined || opened !== undefined;
}

function createEarlyEnd({ reservation, opened }: Admitted, cancel: AbortController): EarlyEnd {
  const early = new EarlyEnd(cancel);
  reservation?.onLost(() =>
    early.end(new GatewayError("ledger_unavailable", "the lease was lost")),
  );
  opened?.endWith(early);
  return early;
}
