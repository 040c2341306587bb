/** The pause before the first restart of a worker, in milliseconds. */
export const FIRST_RESTART_DELAY_MS = 100;

const LONGEST_RESTART_DELAY_MS = 30_000;
// A worker that has lived so long did not die of its start.
const STABLE_MS = 10_000;

/**
 * Computes the pause before the next restart: twice the last one, up to 30 s, or the shortest again
 * after a worker that was stable.
 *
 * @param delayMs the last pause, in milliseconds
 * @param livedMs how long the worker that died had lived, in milliseconds
 * @returns milliseconds
 */
export function nextRestartDelay(delayMs: number, livedMs: number): number {
  if (livedMs > STABLE_MS) return FIRST_RESTART_DELAY_MS;
  return Math.min(delayMs * 2, LONGEST_RESTART_DELAY_MS);
}
