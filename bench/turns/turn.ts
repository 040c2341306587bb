/** A turn of a process: a short time in which it did a part of its work, or left this part out. */
export interface Turn {
  /** The number of the process. */
  pid: number;
  /** Whether it did the part. */
  isDone: boolean;
  /** How many requests ended. */
  requests: number;
  /** The CPU time that it used, in microseconds. */
  cpu: number;
  /** The CPU time that it used to hand on what it had counted, which is left out of `cpu`, in microseconds. */
  handedOn: number;
}

/** The name of the variable with the file that a process writes its turns to, one a line as JSON. */
export const TURNS_FILE = "SIGNWAY_BENCH_TURNS";

// A turn at the edge of the load has few requests, and the costs of connecting.
const FEWEST_REQUESTS = 20;

/**
 * Reads turns.
 *
 * @param lines what processes wrote
 * @returns those with enough requests
 */
export function turnsIn(lines: string): Turn[] {
  const turns = lines.split("\n").filter((line) => line !== "");
  return turns
    .map((line) => JSON.parse(line) as Turn)
    .filter(({ requests }) => requests >= FEWEST_REQUESTS);
}

/**
 * What a part takes of a request, from turns with and without it.
 *
 * @param turns of one process or several; their requests count alike
 * @returns microseconds; NaN without turns of both kinds
 */
export function costOfPart(turns: readonly Turn[]): number {
  const costs = Map.groupBy(turns, ({ pid }) => pid)
    .values()
    .map((own) => ({ requests: sumOf(own, "requests"), cost: differenceOf(own) }));
  const all = [...costs];
  return (
    all.reduce((sum, { requests, cost }) => sum + requests * cost, 0) / sumOf(turns, "requests")
  );
}

/**
 * What handing on takes of a request of which the part was done.
 *
 * @param turns of all processes
 * @returns microseconds
 */
export function costOfHandingOn(turns: readonly Turn[]): number {
  const requests = sumOf(
    turns.filter(({ isDone }) => isDone),
    "requests",
  );
  return sumOf(turns, "handedOn") / requests;
}

function differenceOf(turns: readonly Turn[]): number {
  const costOf = (some: readonly Turn[]) => sumOf(some, "cpu") / sumOf(some, "requests");
  const { done = [], left = [] } = Object.groupBy(turns, (it) => (it.isDone ? "done" : "left"));
  return costOf(done) - costOf(left);
}

function sumOf(turns: readonly Turn[], key: "requests" | "cpu" | "handedOn"): number {
  return turns.reduce((sum, turn) => sum + turn[key], 0);
}
