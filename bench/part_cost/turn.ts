/** A turn of a process: a short time in which it did a part of its work, or left this part out. */
export interface Turn {
  /** The number of the process. */
  pid: number;
  /** Whether it did the part. */
  hasPart: boolean;
  /** How many requests ended. */
  requests: number;
  /** The CPU time that it used, in microseconds. */
  cpu: number;
  /** The CPU time that it used to hand on what it had counted, which is left out of `cpu`, in microseconds. */
  handingOn: number;
}

/** How long a turn takes, in milliseconds. The speed of a machine with neighbours changes from one second to the next. */
export const TURN_MS = 25;

/** The name of the variable with the file that a process writes its turns to, one a line as JSON. */
export const TURNS_FILE = "SIGNWAY_BENCH_TURNS";

/**
 * Reads turns.
 *
 * @param lines what processes wrote
 */
export function turnsIn(lines: string): Turn[] {
  const turns = lines.split("\n").filter((line) => line !== "");
  return turns.map((line) => JSON.parse(line) as Turn);
}

/**
 * What a part takes of a request, from turns with and without it.
 *
 * The difference lacks two things. An exchange that begins in one turn and ends in the next divides its part between both, so that
 * its removal from the open exchanges may count for a turn without the part. Memory that the part keeps makes the garbage collector
 * work in all turns.
 *
 * @param turns of one process or several; their requests count alike
 * @returns microseconds; NaN when no process had turns of both kinds
 */
export function costOfPart(turns: readonly Turn[]): number {
  let [cost, requests] = [0, 0];
  for (const own of Map.groupBy(turns, ({ pid }) => pid).values()) {
    const difference = differenceOf(own);
    if (Number.isNaN(difference)) continue;
    const count = sumOf(own, "requests");
    requests += count;
    cost += count * difference;
  }
  return cost / requests;
}

/**
 * What handing on takes of a request. In each interval come all names, so that half of the exchanges have as many rows as all.
 *
 * @param turns of all processes
 * @returns microseconds; NaN without turns
 */
export function costOfHandingOn(turns: readonly Turn[]): number {
  return sumOf(turns, "handingOn") / sumOf(turns, "requests");
}

/** NaN when a kind of turn is missing. */
function differenceOf(turns: readonly Turn[]): number {
  const costOf = (some: readonly Turn[]) => sumOf(some, "cpu") / sumOf(some, "requests");
  const { with: having = [], without = [] } = Object.groupBy(turns, ({ hasPart }) =>
    hasPart ? "with" : "without",
  );
  return costOf(having) - costOf(without);
}

function sumOf(turns: readonly Turn[], key: "requests" | "cpu" | "handingOn"): number {
  return turns.reduce((sum, turn) => sum + turn[key], 0);
}
