import type { SocketEnd } from "../../socket_end.ts";
import type { Timer, TimerWheel } from "../../time/timer_wheel.ts";

/** What {@link whenRead} needs. */
export interface ReadOptions {
  timers: Pick<TimerWheel, "now" | "start" | "stop">;
  /** How long the end may make no progress, in milliseconds. */
  patience: number;
  /** Called from time to time, to make the runtime write what it can. Absent: it does so by itself. */
  nudge?: (() => void) | undefined;
}

/** How long an end may read nothing of what was sent before the other one closed, in milliseconds. */
const READ_MS = 3000;

/**
 * How long an end may make no progress, in milliseconds.
 *
 * @param idleTimeout how long a WebSocket may be silent, in seconds; 0 = no limit
 */
export function patienceOf(idleTimeout: number): number {
  return Math.min(READ_MS, idleTimeout * 1000 || READ_MS);
}

/** How often it is checked whether an end makes progress, in milliseconds. */
const CHECK_MS = 100;
/** The number of checks from one nudge to the next. */
const CHECKS_BETWEEN = 5;

/**
 * Waits until an end has read all that was sent to it, as far as this process can tell. It may take as long as it likes
 * while it makes progress.
 *
 * @param end to which nothing is sent any more
 * @param options the timers and the limit
 * @param callback called once, at once if nothing waits: whether all has left this process
 * @returns ends the wait without calling back
 */
export function whenRead(
  end: Pick<SocketEnd, "waiting">,
  { timers, patience, nudge }: ReadOptions,
  callback: (isRead: boolean) => void,
): () => void {
  let left = Infinity;
  let since = 0;
  let checks = 0;
  let timer: Timer | undefined;
  const check = () => {
    const waiting = end.waiting();
    if (waiting === 0) return callback(true);
    if (waiting < left) {
      left = waiting;
      since = timers.now();
    } else if (timers.now() - since >= patience) return callback(false);
    timer = timers.start(check, Math.min(CHECK_MS, patience));
    if (++checks % CHECKS_BETWEEN === 0) nudge?.();
  };
  check();
  return () => timers.stop(timer);
}
