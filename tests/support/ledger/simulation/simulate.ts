import fc from "fast-check";
import { memorySubject } from "../memory_subject.ts";
import type { SubjectKind } from "../subject.ts";
import { plans } from "./plan.ts";
import { World } from "./world.ts";

/** How long {@link simulate} runs. */
export interface Effort {
  /** The number of schedules. Default: as many as there is time for. */
  count?: number;
  /** The time, in seconds. Default: no limit. */
  seconds?: number;
  /** Repeats a run. Default: a random one. */
  seed?: number;
}

/** What happened in all schedules. */
export interface Summary {
  schedules: number;
  /** How many exchanges reached the provider. */
  served: number;
  refusals: Map<string, number>;
}

/**
 * Simulates random schedules with the real ledger, and shrinks one in which something does not hold. The seed is
 * printed first.
 *
 * @param effort how many, or how long
 * @param kind of the store. Default: memory
 */
export async function simulate(
  { count = 1_000_000_000, seconds, seed = Date.now() % 2 ** 31 }: Effort,
  kind: SubjectKind = memorySubject,
): Promise<Summary> {
  console.log(`simulation with ${kind.name}: seed ${seed}`);
  const summary: Summary = { schedules: 0, served: 0, refusals: new Map() };
  const property = fc.asyncProperty(plans, async (plan) => {
    const world = new World(plan, kind);
    await world.run();
    summary.schedules++;
    summary.served += world.exchanges.filter(({ served }) => served).length;
    for (const [code, times] of world.refusals) {
      summary.refusals.set(code, (summary.refusals.get(code) ?? 0) + times);
    }
  });
  await fc.assert(property, {
    numRuns: count,
    seed,
    ...(seconds !== undefined && { interruptAfterTimeLimit: seconds * 1000 }),
  });
  return summary;
}
