import type { SocketEnd } from "../../socket_end.ts";
import type { Timer, TimerWheel } from "../../time/timer_wheel.ts";

/** Watches whether a client is still there. */
export interface Keepalive {
  /** A message, a ping or a pong arrived. */
  heard: () => void;
  stop: () => void;
}

/** What {@link createKeepalive} needs. */
export interface KeepaliveOptions {
  timers: TimerWheel;
  /** Seconds of silence after which a ping is sent; 0: never. */
  interval: number;
  /** Whether nothing can be heard of it, because it is not read. That is no silence, but it gets pings. */
  isPaused: () => boolean;
  /** Called once, after two pings without a sign of life. */
  onGone: () => void;
}

/**
 * Sends pings to a client that is silent, and gives it up when two of them get no answer.
 *
 * @param client the end to watch
 * @param options the interval, the timers and what is called
 * @returns what is told of each sign of life, and ends the pings
 */
export function createKeepalive(client: SocketEnd, options: KeepaliveOptions): Keepalive {
  const { timers, interval, isPaused, onGone } = options;
  if (!(interval > 0)) return { heard: () => {}, stop: () => {} };
  let heardAt = timers.now();
  let unanswered = 0;
  let timer: Timer | undefined;
  const heard = () => {
    heardAt = timers.now();
    unanswered = 0;
  };
  const check = () => {
    const silent = timers.now() - heardAt;
    // A timer for each message would cost more than one that is late.
    if (silent < interval * 1000 * (unanswered + 1)) return again();
    if (isPaused()) heard();
    else if (++unanswered > 2) return onGone();
    again();
    // A client that has gone resets the connection then, which is noticed although it is not read.
    client.ping();
  };
  const again = () => void (timer = timers.start(check, delay()));
  const delay = () =>
    Math.max(heardAt + interval * 1000 * (unanswered + 1) - timers.now(), MIN_DELAY_MS);
  again();
  return { heard, stop: () => timers.stop(timer) };
}

const MIN_DELAY_MS = 100;
