import { abandon, goOnAlone, outcomeOfLeaving } from "./abandon.ts";
import type { EndableTransfer, ResponseTransfer } from "./transfer.ts";

/**
 * Ends a transfer when its client leaves, or at once if it has left. Only long exchanges need it: a listener costs as much as
 * all the timers of an exchange, even if it is never called.
 *
 * @param transfer the transfer
 */
export function cancelWhenClientLeaves(transfer: ResponseTransfer): void {
  const { exchange, settlement, early, cancel, options } = transfer;
  const { signal } = transfer.inbound.request;
  const leave = () => cancelAfterClient({ exchange, settlement, early, cancel, options });
  if (signal.aborted) leave();
  else signal.addEventListener("abort", leave, { once: true });
}

/**
 * Ends a transfer whose client left while the response was made: then nobody need read it.
 *
 * @param transfer the transfer
 */
export function cancelIfClientLeft(transfer: ResponseTransfer): void {
  transfer.exchange.onLongRunning(() => {
    if (transfer.inbound.request.signal.aborted) cancelAfterClient(transfer);
  });
}

function cancelAfterClient(transfer: EndableTransfer): void {
  const { exchange, settlement, cancel, options } = transfer;
  const drains = settlement?.drains === true;
  // Whether the runtime then reads or cancels the response is its own affair.
  const isEnding = exchange.hasHead || (drains && settlement.hasHead);
  if (isEnding) abandon(transfer, outcomeOfLeaving(transfer));
  // Until the head of the upstream arrives there is nothing to drain.
  else if (drains && options.phase() !== "cutting") goOnAlone(transfer);
  else cancel.abort();
}
