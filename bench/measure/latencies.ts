/** Quantiles of latencies, in milliseconds; NaN when there was none. */
export interface Latencies {
  p50Ms: number;
  p99Ms: number;
}

/** Computes the quantiles of latencies in milliseconds. */
export function quantilesOf(latencies: readonly number[]): Latencies {
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50Ms: quantile(0.5), p99Ms: quantile(0.99) };
}
