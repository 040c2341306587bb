import type { Hooks } from "../hooks.ts";
import type { InboundRequest } from "../inbound.ts";
import type { Admission } from "../model/grant.ts";
import type { Phase } from "../model/phase.ts";
import type { Exchange } from "../record/exchange.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import type { FetchUpstream } from "../fetch_upstream.ts";

/** Settings of a delivery. Times are in seconds. */
export interface DeliveryOptions extends Pick<Hooks, "onResponse"> {
  fetchUpstream: FetchUpstream;
  /** The wait for the head of the upstream's response; 0 = no limit. */
  headTimeout: number;
  /** Silence after which an upstream's body is given up; 0 = never. */
  idleTimeout: number;
  /** How long a whole exchange may last; 0 = no limit. */
  maxDuration: number;
  /** Silence after which an event stream gets a heartbeat; 0 = never. */
  sseHeartbeat: number;
  /** How far the gateway is in its own life. */
  phase: () => Phase;
  timers: TimerWheel;
}

/** The working set of an exchange in delivery. */
export interface Transfer {
  readonly inbound: InboundRequest;
  readonly admission: Admission;
  /** Told of every byte and of the end. */
  readonly exchange: Exchange;
  /** Ends the upstream's side. */
  readonly cancel: AbortController;
  readonly options: DeliveryOptions;
}

/** The working set of a response, which an unverified request may get too. */
export type ResponseTransfer = Omit<Transfer, "admission"> & Partial<Pick<Transfer, "admission">>;

/** A request that was admitted, and its exchange. */
export type Admitted = Pick<Transfer, "inbound" | "admission" | "exchange">;

/**
 * Starts the delivery of a request.
 *
 * @param admitted the request, its admission and its exchange
 * @param options how it is delivered
 */
export function createTransfer(
  { inbound, admission, exchange }: Admitted,
  options: DeliveryOptions,
): Transfer {
  return { inbound, admission, exchange, cancel: new AbortController(), options };
}
