import { GatewayError } from "../problem/gateway_error.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Ends an exchange when it has lasted as long as it may.
 *
 * @param transfer an admitted request
 * @returns how long the exchange may still last, in milliseconds
 */
export function limitDuration(transfer: Transfer): number {
  const { admission, exchange, cancel, early, options } = transfer;
  // The time in which a signed body was read counts as well.
  const allowed = exchange.timeLeft(options.maxDuration);
  const granted = exchange.timeLeft(0, admission.grant.permits.seconds);
  endAfter(allowed, transfer, (error) => cancel.abort(error));
  // The time that a grant allows ends a stream in a form that clients can read, and its upstream may be read further.
  if (granted < allowed) endAfter(granted, transfer, (error) => early?.end(error));
  return Math.min(allowed, granted);
}

function endAfter(
  ms: number,
  { exchange, options: { timers } }: Transfer,
  end: (error: GatewayError) => void,
): void {
  if (ms === Infinity) return;
  const timer = timers.start(() => end(new GatewayError("upstream_timeout", "max duration")), ms);
  exchange.onEnd(() => timers.stop(timer));
}
