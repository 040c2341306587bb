/** The distribution of values over buckets. */
export interface Distribution {
  /** The number of values in each bucket. There is one bucket more than there are bounds. */
  counts: number[];
  sum: number;
  count: number;
}

/**
 * Begins a distribution.
 *
 * @param bounds the upper bounds of the buckets, ascending
 */
export function noValues(bounds: readonly number[]): Distribution {
  return { counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0, count: 0 };
}

/**
 * Adds a value.
 *
 * @param distribution changed
 * @param bounds the bounds that it was begun with
 * @param value to add. One that equals a bound is in the bucket below it
 */
export function addValue(
  distribution: Distribution,
  bounds: readonly number[],
  value: number,
): void {
  let bucket = 0;
  while (bucket < bounds.length && value > bounds[bucket]!) bucket++;
  distribution.counts[bucket]!++;
  distribution.sum += value;
  distribution.count++;
}
