import type { Timer, TimerWheel } from "./timer_wheel.ts";

/** Watches one side of an exchange for a stall. */
export interface StallWatch {
  /** Starts a wait for data. */
  wait: () => void;
  /** Ends the wait: data arrived. Silence before the next wait does not count. */
  arrived: () => void;
  /** Ends the watch. */
  stop: () => void;
}

const UNLIMITED: StallWatch = { wait: () => {}, arrived: () => {}, stop: () => {} };

/**
 * Creates a watch that calls back once when a wait has lasted too long. It does not start a timer for each
 * piece of data: a timer that fires early is started again for the rest of the wait.
 *
 * @param timers the wheel that runs the timer
 * @param seconds how long a wait may last; 0 = no limit
 * @param onStall called once
 */
export function watchForStall(
  timers: TimerWheel,
  seconds: number,
  onStall: () => void,
): StallWatch {
  if (!(seconds > 0)) return UNLIMITED;
  const limit = seconds * 1000;
  let waitingSince = Infinity;
  let timer: Timer | undefined;

  function check(): void {
    const waited = timers.now() - waitingSince;
    if (waited >= limit) return onStall();
    timer = timers.start(check, waited > 0 ? limit - waited : limit);
  }

  return {
    wait() {
      waitingSince = timers.now();
      timer ??= timers.start(check, limit);
    },
    arrived: () => void (waitingSince = Infinity),
    stop: () => timers.stop(timer),
  };
}
