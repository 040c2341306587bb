import type { Timer, TimerWheel } from "./timer_wheel.ts";

/**
 * Calls back once when a moment has come. The moment may move ahead meanwhile.
 *
 * @param timers what runs the timer
 * @param dueAt the moment by the clock of the timers, in milliseconds; Infinity: never
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
