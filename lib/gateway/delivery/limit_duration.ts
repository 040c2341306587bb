import { GatewayError } from "../problem/gateway_error.ts";
import type { Transfer } from "./transfer.ts";

/**
 * Ends an exchange when it has lasted as long as it may.
 *
 * @param transfer an admitted request
 * @returns how long the exchange may still last, in milliseconds
 */
export function limitDuration({ admission, exchange, cancel, early, options }: Transfer): number {
  const { timers, maxDuration } = options;
  // The time in which a signed body was read counts as well.
  const lifetime = exchange.timeLeft(maxDuration, admission.grant.permits.seconds);
  if (lifetime === Infinity) return lifetime;
  const error = new GatewayError("upstream_timeout", "max duration");
  // The time that a grant allows ends a stream in a form that clients can read.
  const isGranted = early && lifetime < exchange.timeLeft(maxDuration);
  const expire = () => (isGranted ? early.end(error) : cancel.abort(error));
  const timer = timers.start(expire, lifetime);
  exchange.onEnd(() => timers.stop(timer));
  return lifetime;
}
