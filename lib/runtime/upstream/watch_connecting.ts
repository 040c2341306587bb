import { GatewayError } from "../../gateway/problem/gateway_error.ts";
import type { TimerWheel } from "../../gateway/time/timer_wheel.ts";
import { canConnect } from "./can_connect.ts";
import { mayBeConnected } from "./is_connected.ts";

/**
 * Aborts a request whose connection takes too long. The runtime does not report when a connection is open.
 * Therefore, if there is no response after half of the time, a second connection is tried for the other half.
 * The request is aborted if that connection cannot be opened in time either.
 *
 * @param target an absolute http or https URL
 * @param limit how long to wait for a connection, in seconds; 0 = no limit
 * @param abort aborts the request, and tells whether the upstream may have got it
 * @returns a function that ends the watch
 */
export function watchConnecting(
  target: string,
  limit: { seconds: number; timers: TimerWheel },
  abort: (reason: GatewayError, mayBeSent: boolean) => void,
): () => void {
  const { seconds, timers } = limit;
  if (!(seconds > 0)) return () => {};
  const half = (seconds * 1000) / 2;
  let stopped = false;
  const timer = timers.start(() => {
    void canConnect(target, half).then(async (able) => {
      // After a response, the result of the second connection no longer matters.
      if (able || stopped) return;
      const mayBeSent = await mayBeConnected(target);
      if (!stopped) abort(new GatewayError("upstream_timeout", "no connection"), mayBeSent);
    });
  }, half);
  return () => {
    stopped = true;
    timers.stop(timer);
  };
}
