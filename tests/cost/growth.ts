// How often each size is measured. Of all measures the least counts: whatever else runs only adds.
const ROUNDS = 5;
// So many are enough where the growth is small: the shorter input was then measured well.
const FEWEST_ROUNDS = 2;
const ATTEMPTS = 4;
// A measure takes at least so many microseconds of processor time, so that its grain does not matter.
const LEAST = 2000;

/** A parser, and what it reads, of a given length. */
export interface Parsing<Input> {
  make: (length: number) => Input;
  parse: (input: Input) => unknown;
}

/**
 * By how much the processor time grows when an input becomes four times as long: 4 when it grows with the
 * length, 16 when it grows with its square.
 *
 * @param parsing the parser and its input; when it returns a promise, that is awaited
 * @param length of the shorter input
 * @param enough a growth below which there is no need to measure again
 */
export async function growthOf<Input>(
  parsing: Parsing<Input>,
  length: number,
  enough: number,
): Promise<number> {
  let growth = Infinity;
  for (let attempt = 0; attempt < ATTEMPTS && growth >= enough; attempt++) {
    growth = Math.min(growth, await measureOnce(parsing, length, enough));
  }
  return growth;
}

async function measureOnce<Input>(
  { make, parse }: Parsing<Input>,
  length: number,
  enough: number,
): Promise<number> {
  const [short, long] = [make(length), make(4 * length)];
  let times = 1;
  // It warms up the engine too.
  while ((await timeOf(parse, short, times)) < LEAST) times *= 2;
  await timeOf(parse, long, times);
  let [shortest, longest] = [Infinity, Infinity];
  for (let round = 1; round <= ROUNDS; round++) {
    shortest = Math.min(shortest, await timeOf(parse, short, times));
    longest = Math.min(longest, await timeOf(parse, long, times));
    if (round >= FEWEST_ROUNDS && longest / shortest < enough) break;
  }
  return longest / shortest;
}

async function timeOf<Input>(parse: (input: Input) => unknown, input: Input, times: number) {
  const start = process.cpuUsage();
  for (let i = 0; i < times; i++) {
    const result = parse(input);
    if (result instanceof Promise) await result;
  }
  const { user, system } = process.cpuUsage(start);
  return user + system;
}
