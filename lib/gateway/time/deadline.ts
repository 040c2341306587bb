import type { Timer, TimerWheel } from "./timer_wheel.ts";

/**
 * Calls back once when a deadline has passed. The deadline may move to a later time.
 *
 * @param timers the wheel that runs the timer
 * @param dueAt returns the deadline by the clock of the timers, in milliseconds; Infinity: never
 * @param onDue called once
 * @returns a function that ends the watch
 */
export function watchDeadline(
  timers: TimerWheel,
  dueAt: () => number,
  onDue: () => void,
): () => void {
  let timer: Timer | undefined;
  const check = () => {
    const rest = dueAt() - timers.now();
    if (rest <= 0) onDue();
    else timer = timers.start(check, rest);
  };
  if (dueAt() < Infinity) check();
  return () => timers.stop(timer);
}
