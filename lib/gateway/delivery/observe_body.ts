import type { RelayEvents } from "../body/relay.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import type { ResponseTransfer } from "./transfer.ts";

/**
 * What a relayed response body tells the exchange: its bytes and its end.
 *
 * @param transfer cancelled when the client leaves
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
      return new Error("the upstream's body broke off");
    },
    onCancel: () => {
      stall.stop();
      exchange.end(clientLeft());
      cancel.abort();
    },
  };
}
