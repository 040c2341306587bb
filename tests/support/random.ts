/** Numbers that look random and come again with the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, the limit. */
  below: (limit: number) => number;
  /** One of the items. */
  pick: <T>(items: readonly T[]) => T;
}

/**
 * The seed of a run: a fresh one, unless TEST_SEED repeats an earlier run. It is printed, so that a
 * failure can be repeated.
 */
export function printedSeed(what: string): number {
  const seed = Number(process.env["TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 32));
  console.log(`${what}: TEST_SEED=${seed}`);
  return seed;
}

/** Makes the generator mulberry32, which is small and passes the usual tests. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  };
  const below = (limit: number): number => next() % limit;
  return {
    below,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
  };
}
