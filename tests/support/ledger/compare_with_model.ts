import fc from "fast-check";
import { turnsOf } from "./commands.ts";
import { runTurns } from "./run_turns.ts";
import type { SubjectKind } from "./subject.ts";

/** How long {@link compareWithModel} runs. */
export interface Effort {
  /** The number of lists. Default: as many as there is time for. */
  count?: number;
  /** The time, in seconds. Default: no limit. */
  seconds?: number;
  /** Repeats a run. Default: a random one. */
  seed?: number;
  /** Whether a list that shows a difference is shrunk. Default: it is. */
  isShrunk?: boolean;
}

/**
 * Runs random lists of commands through a store and the model, and shrinks one that shows a difference. The seed
 * is printed first.
 *
 * @param kind of the store
 * @param effort how many, or how long
 * @returns the number of lists
 */
export async function compareWithModel(
  kind: SubjectKind,
  { count = 1_000_000_000, seconds, seed = Date.now() % 2 ** 31, isShrunk = true }: Effort,
): Promise<number> {
  console.log(`${kind.name}: seed ${seed}`);
  let runs = 0;
  const property = fc.asyncProperty(turnsOf(kind.restarts), async (turns) => {
    runs++;
    await runTurns(kind, turns);
  });
  await fc.assert(property, {
    numRuns: count,
    seed,
    endOnFailure: !isShrunk,
    ...(seconds !== undefined && { interruptAfterTimeLimit: seconds * 1000 }),
  });
  return runs;
}
