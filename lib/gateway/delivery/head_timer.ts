import { GatewayError } from "../problem/gateway_error.ts";
import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
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
  const seconds = admission.target.rule.headTimeout ?? options.headTimeout;
  return new TimerOfHead(options.timers, seconds, cancel);
}

class TimerOfHead implements HeadTimer {
  readonly #timers: TimerWheel;
  readonly #seconds: number;
  readonly #cancel: AbortController;
  #timer: Timer | undefined;
  #stopped: boolean;

  constructor(timers: TimerWheel, seconds: number, cancel: AbortController) {
    this.#timers = timers;
    this.#seconds = seconds;
    this.#cancel = cancel;
    this.#stopped = !(seconds > 0);
  }

  restart(): void {
    this.#timers.stop(this.#timer);
    if (this.#stopped) return;
    const expire = () => this.#cancel.abort(new GatewayError("upstream_timeout"));
    this.#timer = this.#timers.start(expire, this.#seconds * 1000);
  }

  stop(): void {
    this.#stopped = true;
    this.#timers.stop(this.#timer);
  }
}
