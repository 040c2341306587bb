import { GatewayError } from "../problem/gateway_error.ts";
import type { ProblemCode } from "../problem/problems.ts";
import type { Outcome } from "../record/exchange_record.ts";
import { type StallWatch, watchForStall } from "../time/stall_watch.ts";
import type { EndableTransfer } from "./transfer.ts";

/**
 * Ends an exchange whose client gets no more of the response. If its limits say so, the upstream is read to its end
 * first, so that its report of the usage arrives.
 *
 * @param transfer cancelled in the end
 * @param outcome for the record
 */
export function abandon(transfer: EndableTransfer, outcome: Outcome): void {
  const end = () => {
    transfer.exchange.end(outcome);
    transfer.cancel.abort();
  };
  const draining = drainUpstream(transfer);
  if (!draining) return end();
  void draining.then(() => {
    const { reason } = transfer.cancel.signal;
    // Then all that was reserved is charged, and the log says why.
    if (reason instanceof GatewayError) {
      transfer.exchange.noted(`not read to its end: ${reason.code}`);
    }
    end();
  });
}

/**
 * Reads the rest of an upstream's body without the client, as long as data arrives within the idle timeout and the exchange may
 * last. An operator, a lost place and the end of the gateway end it too.
 *
 * @param transfer cancelled when the upstream is silent for too long
 * @returns a promise that resolves at the end; `undefined` when the upstream is not to be read
 */
export function drainUpstream(transfer: EndableTransfer): Promise<void> | undefined {
  const { settlement, options } = transfer;
  if (!settlement?.drains || options.phase() === "cutting") return undefined;
  const stall = watchUpstream(transfer, settlement.idleTimeout);
  const draining = settlement.drain(stall);
  if (draining) goOnAlone(transfer);
  return draining?.then(() => stall.stop());
}

/**
 * Lets an exchange go on without its client. An operator, a lost place and the end of the gateway still end it.
 *
 * @param transfer cancelled then
 */
export function goOnAlone({ early, exchange, cancel, options }: EndableTransfer): void {
  early?.drain();
  const { cut } = options;
  if (!cut) return;
  const stop = () => cancel.abort(new GatewayError("draining"));
  cut.addEventListener("abort", stop);
  exchange.onEnd(() => cut.removeEventListener("abort", stop));
}

/**
 * Creates the watch that cancels a transfer when its upstream is silent. What calls this may have much in its scope, which
 * the watch of an open stream would keep.
 *
 * @param transfer the transfer
 * @param idleTimeout how long a wait may last, in seconds; 0 = no limit
 */
export function watchUpstream(
  { options, cancel }: Pick<EndableTransfer, "options" | "cancel">,
  idleTimeout: number,
): StallWatch {
  return watchForStall(options.timers, idleTimeout, () => cancelStalled(cancel));
}

/** Cancels the request to an upstream that is silent for too long. */
export function cancelStalled(cancel: AbortController): void {
  cancel.abort(new GatewayError("upstream_timeout", "no data for too long"));
}

/** The outcome of an exchange whose client is gone. A client that left after the last event of a stream has all of it. */
export function outcomeOfLeaving({
  options,
  settlement,
}: Pick<EndableTransfer, "options" | "settlement">): Outcome {
  if (options.phase() === "cutting") return "gateway_stopped";
  return settlement?.hasLastEvent ? "complete" : "client_gone";
}

/** The outcome of an exchange that the gateway ended early. */
export function outcomeOfEnd(code: ProblemCode): Outcome {
  return code.startsWith("upstream_") ? "upstream_truncated" : "refused";
}
