import { FLOODS } from "../../server/unverified/floods/flood.ts";
import { floodFromOutside } from "../../server/unverified/floods/from_outside.ts";
import type { Random } from "../../support/random.ts";
import type { Targets } from "./client.ts";
import { add } from "./fleet.ts";
import type { Ledger } from "./ledger.ts";

/** What the attackers of a run did, and how they were answered. */
export interface FloodTally {
  /** How often each flood ran. */
  floods: Map<string, number>;
  /** How often each status answered one of its requests. */
  answers: Map<string, number>;
}

// What the gateway still holds of a flood that has ended.
const AFTERMATH_MS = 1000;

/**
 * Runs one flood after the other, each for one to three seconds and from a process of its own.
 *
 * @param ledger is told when they ran, since a slow signed body may be ended meanwhile
 * @param targets the gateway that they attack; nothing of them may reach its upstream
 * @param random chooses among them
 * @param secondsLeft until the end of the run
 */
export async function floodInTurns(
  ledger: Ledger,
  targets: Targets,
  random: Random,
  secondsLeft: () => number,
): Promise<FloodTally> {
  const tally: FloodTally = { floods: new Map(), answers: new Map() };
  while (secondsLeft() > 2) {
    const name = random.pick(FLOODS);
    const seconds = Math.min(1 + random.below(3), secondsLeft() - 1);
    const to = { port: targets.gateway().port, upstream: targets.upstream };
    const time = { from: performance.now(), to: Infinity };
    ledger.floods.push(time);
    add(tally.floods, name);
    const answers = await floodFromOutside({ name, protocol: "HTTP/1.1", seconds, to });
    time.to = performance.now() + AFTERMATH_MS;
    for (const [status, count] of answers) add(tally.answers, status, count);
    await Bun.sleep(random.below(1000));
  }
  return tally;
}
