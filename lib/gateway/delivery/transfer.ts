import type { Hooks } from "../hooks.ts";
import type { InboundRequest } from "../inbound.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission } from "../model/grant.ts";
import type { Phase } from "../model/phase.ts";
import type { Exchange } from "../record/exchange.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import type { FetchUpstream } from "../fetch_upstream.ts";

/** Settings of a delivery. Times are in seconds. */
export interface DeliveryOptions extends Pick<Hooks, "onResponse"> {
  fetchUpstream: FetchUpstream;
  /** How long to wait for the head of the upstream's response; 0 = no limit. */
  headTimeout: number;
  /** The time without data after which an upstream's body is aborted; 0 = never. */
  idleTimeout: number;
  /** How long a whole exchange may last; 0 = no limit. */
  maxDuration: number;
  /** The time without data after which an event stream gets a heartbeat; 0 = never. */
  sseHeartbeat: number;
  /** The current phase of the gateway. */
  phase: () => Phase;
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
  /** What policies made of the request. Absent: none applies. */
  readonly checked?: CheckedRequest | undefined;
  /** Aborts the request to the upstream. */
  readonly cancel: AbortController;
  readonly options: DeliveryOptions;
}

/** The working set of a response. An unverified request may get one too, and has no admission. */
export type ResponseTransfer = Omit<Transfer, "admission"> & Partial<Pick<Transfer, "admission">>;

/** A request that was admitted, and its exchange. */
export type Admitted = Pick<Transfer, "inbound" | "admission" | "exchange" | "checked">;

/**
 * Starts the delivery of a request.
 *
 * @param admitted the request, its admission and its exchange
 * @param options the settings of the delivery
 */
export function createTransfer(
  { inbound, admission, exchange, checked }: Admitted,
  options: DeliveryOptions,
): Transfer {
  return { inbound, admission, exchange, checked, cancel: new AbortController(), options };
}
