/** Times to first byte, in milliseconds. */
export interface Latency {
  p50_ms: number | null;
  p95_ms: number | null;
  p99_ms: number | null;
}

/** How many times are in each step of {@link stepOf}. */
export type Steps = Map<number, number>;

// Each step is 5 % longer than the one before.
const RATIO = Math.log(1.05);
const LEAST_MS = 0.01;

/** How many steps there are. The last one begins after a week. */
export const STEPS = 512;

/**
 * Returns the step of a time: a number from 0 on, below {@link STEPS}.
 *
 * @param ms the time, in milliseconds
 */
export function stepOf(ms: number): number {
  const step = Math.round(Math.log(Math.max(ms / LEAST_MS, 1)) / RATIO);
  return Math.min(step, STEPS - 1);
}

/**
 * Adds counts of steps to others.
 *
 * @param steps changed
 * @param more what is added
 */
export function addSteps(steps: Steps, more: Iterable<readonly [number, number]>): void {
  for (const [step, count] of more) steps.set(step, (steps.get(step) ?? 0) + count);
}

/**
 * Returns percentiles, within 5 %.
 *
 * @param steps of all times
 */
export function latencyOf(steps: Steps): Latency {
  const sorted = [...steps].sort(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const at = (share: number) => percentile(sorted, share * total);
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
}

function percentile(steps: readonly (readonly [number, number])[], rank: number): number | null {
  let count = 0;
  for (const [step, inStep] of steps) {
    count += inStep;
    if (count >= rank) return Number((LEAST_MS * Math.exp(step * RATIO)).toPrecision(3));
  }
  return null;
}
