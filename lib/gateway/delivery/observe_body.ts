import type { LimitedReader } from "../body/limited_reader.ts";
import type { RelayEvents } from "../body/relay.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import { abandon, outcomeOfEnd, outcomeOfLeaving } from "./abandon.ts";
import type { ResponseTransfer } from "./transfer.ts";

/**
 * Creates the callbacks that record the bytes and the end of a response body.
 *
 * @param transfer the transfer, which is cancelled when the client leaves
 * @param stall watches the upstream
 * @param limited the body, if it has limits. It records the bytes itself, and may end early
 */
export function observeBody(
  transfer: ResponseTransfer,
  stall: StallWatch,
  limited?: LimitedReader,
): RelayEvents {
  const { inbound, exchange, cancel } = transfer;
  const onError = () => {
    stall.stop();
    if (limited?.error) {
      abandon(transfer, outcomeOfEnd(limited.error.code));
      return new Error("the exchange ended early");
    }
    const { reason } = cancel.signal;
    if (reason instanceof GatewayError) exchange.failed(reason.code);
    exchange.end(
      inbound.request.signal.aborted ? outcomeOfLeaving(transfer) : "upstream_truncated",
    );
    // The upstream goes on if its body could not be read here.
    cancel.abort();
    return new Error("the upstream's body ended early");
  };
  const onEnd = () => {
    stall.stop();
    if (limited?.error) abandon(transfer, outcomeOfEnd(limited.error.code));
    else exchange.end("complete");
  };
  const onCancel = () => {
    stall.stop();
    abandon(transfer, outcomeOfLeaving(transfer));
  };
  if (limited) return { onChunk: () => {}, onEnd, onError, onCancel };
  return {
    onWait: stall.wait,
    onChunk: (chunk) => {
      stall.arrived();
      exchange.sent(chunk.length);
    },
    onEnd,
    onError,
    onCancel,
  };
}
