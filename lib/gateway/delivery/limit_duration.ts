import { GatewayError } from "../problem/gateway_error.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Ends an exchange when it has lasted as long as it may.
 *
 * @param transfer an admitted request
 * @returns how long the exchange may still last, in milliseconds
 */
export function limitDuration({ admission, exchange, cancel, early, options }: Transfer): number {
  const error = new GatewayError("upstream_timeout", "max duration");
  const after = (ms: number, end: (error: GatewayError) => void) => {
    if (ms === Infinity) return;
    const timer = options.timers.start(() => end(error), ms);
    exchange.onEnd(() => options.timers.stop(timer));
  };
  // The time in which a signed body was read counts as well.
  const allowed = exchange.timeLeft(options.maxDuration);
  const granted = exchange.timeLeft(0, admission.grant.permits.seconds);
  after(allowed, (reason) => cancel.abort(reason));
  // The time that a grant allows ends a stream in a form that clients can read, and its upstream may be read further.
  if (granted < allowed) after(granted, (reason) => early?.end(reason));
  return Math.min(allowed, granted);
}
