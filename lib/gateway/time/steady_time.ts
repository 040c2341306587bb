// The clock of a machine is corrected by a few seconds, or in steps while it sleeps.
const CORRECTION_MS = 60_000;

const TRUSTED_MS = 86_400_000;

/**
 * Creates a function that returns the time by which waiting things grow old. Where the clock jumps ahead, it goes on as before, and
 * follows after a day. Until then the clock may be set right, and nothing was dropped.
 *
 * @param ticks a monotonic clock in milliseconds
 * @param start the current time in milliseconds since the epoch
 * @returns a function of the current time, to be called again and again
 */
export function createSteadyTime(ticks: () => number, start: number): (now: number) => number {
  let offset = start - ticks();
  let jumpedAt: number | undefined;
  return (now) => {
    const at = ticks();
    if (now - at - offset > CORRECTION_MS) {
      jumpedAt ??= at;
      if (at - jumpedAt < TRUSTED_MS) return at + offset;
    }
    jumpedAt = undefined;
    offset = now - at;
    return now;
  };
}
