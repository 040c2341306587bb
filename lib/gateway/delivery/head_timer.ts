import { GatewayError } from "../problem/gateway_error.ts";
import type { Timer } from "../time/timer_wheel.ts";
import type { Transfer } from "./transfer.ts";

/** Limits the wait for the head of the upstream's response. */
export interface HeadTimer {
  /** Restarts the wait. */
  restart: () => void;
  stop: () => void;
}

/**
 * Creates the timer that cancels a transfer when its upstream does not start to respond in time. An
 * upstream cannot respond before it has the request, so each piece of an upload restarts the wait.
 */
export function createHeadTimer({ admission, cancel, options }: Transfer): HeadTimer {
  const { timers } = options;
  const seconds = admission.target.rule.headTimeout ?? options.headTimeout;
  const expire = () => cancel.abort(new GatewayError("upstream_timeout"));
  let timer: Timer | undefined;
  let stopped = !(seconds > 0);
  return {
    restart() {
      timers.stop(timer);
      if (!stopped) timer = timers.start(expire, seconds * 1000);
    },
    stop() {
      stopped = true;
      timers.stop(timer);
    },
  };
}
