/** The median of some values, the smallest and the largest. */
export interface Spread {
  median: number;
  min: number;
  max: number;
}

/** Computes the spread of values, of which there must be one at least. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return {
    median: (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2,
    min: sorted[0]!,
    max: sorted.at(-1)!,
  };
}

/**
 * Measures every case once a round, so that a noisy minute touches all of them. Each round begins
 * with another case, so that none is always the first.
 *
 * @param rounds how often each case is measured
 * @param cases the cases
 * @param measure measures one case once
 */
export async function interleave<Case, Sample>(
  rounds: number,
  cases: readonly Case[],
  measure: (measured: Case, round: number) => Promise<Sample>,
): Promise<Map<Case, Sample[]>> {
  const samples = new Map<Case, Sample[]>(cases.map((measured) => [measured, []]));
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < cases.length; i++) {
      const measured = cases[(i + round) % cases.length]!;
      samples.get(measured)!.push(await measure(measured, round));
    }
  }
  return samples;
}
