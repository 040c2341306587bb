import type { RelayEvents } from "../body/relay.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import type { ResponseTransfer } from "./transfer.ts";

/**
 * Creates the callbacks that record the bytes and the end of a response body.
 *
 * @param transfer the transfer, which is cancelled when the client leaves
 * @param stall watches the upstream
 */
export function observeBody(
  { inbound, exchange, cancel, options: { phase } }: ResponseTransfer,
  stall: StallWatch,
): RelayEvents {
  const clientLeft = () => (phase() === "cutting" ? "gateway_stopped" : "client_gone");
  return {
    onWait: stall.wait,
    onChunk: (chunk) => {
      stall.arrived();
      exchange.sent(chunk.length);
    },
    onEnd: () => {
      stall.stop();
      exchange.end("complete");
    },
    onError: () => {
      stall.stop();
      const { reason } = cancel.signal;
      if (reason instanceof GatewayError) exchange.failed(reason.code);
      exchange.end(inbound.request.signal.aborted ? clientLeft() : "upstream_truncated");
      return new Error("the upstream's body ended early");
    },
    onCancel: () => {
      stall.stop();
      exchange.end(clientLeft());
      cancel.abort();
    },
  };
}
