import { GatewayError } from "../problem/gateway_error.ts";
import type { HeadTimer } from "./head_timer.ts";
import type { Transfer } from "./transfer.ts";

/** How a request is sent. */
export interface Sending<Head> {
  /** Waits until it can be sent. Absent: it need not wait. */
  prepare?: (() => Promise<void>) | undefined;
  /**
   * Sends it.
   *
   * @param abort aborts it, because a connection takes too long, and tells whether the upstream may have got it
   */
  send: (abort: (reason: GatewayError, mayBeSent: boolean) => void) => Promise<Head>;
}

/**
 * Sends a request and waits for the head of the answer. The settlement is told whether the upstream may have got it.
 *
 * @param transfer an admitted request
 * @param headTimer limits the wait
 * @param sending sends the request
 * @returns the head
 * @throws GatewayError `upstream_unreachable`, `upstream_broken`, `upstream_timeout`
 */
export async function reachUpstream<Head>(
  { inbound, admission: { target }, exchange, cancel, reservation, settlement }: Transfer,
  headTimer: HeadTimer,
  { prepare, send }: Sending<Head>,
): Promise<Head> {
  headTimer.restart();
  try {
    if (prepare) await prepare();
    // It may have ended while its credential was fetched or its body read, and then nothing is sent or charged.
    cancel.signal.throwIfAborted();
    // The client may have left while the reservation was made.
    if (reservation) inbound.request.signal.throwIfAborted();
    exchange.forwarded(target.rule.url?.host ?? "any");
    exchange.trace?.sent(target.url, target.rule.url);
    settlement?.sending();
    return await send((reason, mayBeSent) => {
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
