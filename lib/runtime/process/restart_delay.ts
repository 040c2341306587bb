/** The pause before the first restart of a worker, in milliseconds. */
export const FIRST_RESTART_DELAY_MS = 100;

const LONGEST_RESTART_DELAY_MS = 30_000;
// A worker that ran longer than this did not die because of its start.
const STABLE_MS = 10_000;

/**
 * Computes the pause before the next restart of a worker: twice the last pause, but at most 30 seconds. After
 * a worker that ran for more than 10 seconds, it is the shortest pause again.
 *
 * @param delayMs the last pause, in milliseconds
 * @param livedMs the time that the worker ran before it died, in milliseconds
 * @returns the pause, in milliseconds
 */
export function nextRestartDelay(delayMs: number, livedMs: number): number {
  if (livedMs > STABLE_MS) return FIRST_RESTART_DELAY_MS;
  return Math.min(delayMs * 2, LONGEST_RESTART_DELAY_MS);
}
