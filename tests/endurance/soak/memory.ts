/** Memory at a moment: seconds since the start, and bytes. */
export interface Sample {
  at: number;
  bytes: number;
}

/** What became of the memory of a process over a while. */
export interface MemoryTrend {
  /** Medians of the second and of the last quarter of the while, in bytes. */
  before: number;
  after: number;
  /** Least-squares slope over the last three quarters, in bytes a second. */
  slope: number;
  keepsGrowing: boolean;
}

const SLACK = 32 * 1024 * 1024;

/**
 * Judges memory after a warm-up, the first quarter. A heap breathes, so it is generous: growth counts
 * only when the end is half as large again as the beginning, and 32 MiB more, and still rising.
 *
 * @param samples of one process, in order of time
 */
export function memoryTrend(samples: readonly Sample[]): MemoryTrend {
  const quarter = Math.floor(samples.length / 4);
  const before = median(samples.slice(quarter, 2 * quarter));
  const after = median(samples.slice(-quarter));
  const slope = slopeOf(samples.slice(quarter));
  return { before, after, slope, keepsGrowing: slope > 0 && after > before * 1.5 + SLACK };
}

function median(samples: readonly Sample[]): number {
  const sizes = samples.map(({ bytes }) => bytes).sort((a, b) => a - b);
  return sizes[sizes.length >> 1] ?? 0;
}

function slopeOf(samples: readonly Sample[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const time = mean(samples.map(({ at }) => at));
  const size = mean(samples.map(({ bytes }) => bytes));
  const covariance = samples.map(({ at, bytes }) => (at - time) * (bytes - size));
  const variance = samples.map(({ at }) => (at - time) ** 2);
  return mean(covariance) / mean(variance) || 0;
}
