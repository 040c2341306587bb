import { appendFileSync } from "node:fs";
import { type Turn, TURN_MS, TURNS_FILE } from "./turn.ts";

/** The turn that this process is in. */
export type CurrentTurn = Pick<Turn, "hasPart" | "requests" | "handingOn">;

/**
 * Begins to take turns, for as long as the process lives, and writes them to the file that {@link TURNS_FILE} names.
 *
 * @returns the current turn, which the part counts in
 */
export function takeTurns(): CurrentTurn {
  const file = process.env[TURNS_FILE]!;
  const current = { hasPart: true, requests: 0, handingOn: 0 };
  // In pairs, so that both kinds are equally often; in random order, because other work comes in equal intervals.
  let next: boolean[] = [];
  let before = process.cpuUsage();
  const changeTurns = () => {
    const turn: Turn = { pid: process.pid, cpu: cpuSince(before) - current.handingOn, ...current };
    if (turn.requests > 0) appendFileSync(file, `${JSON.stringify(turn)}\n`);
    if (next.length === 0) next = Math.random() < 0.5 ? [true, false] : [false, true];
    Object.assign(current, { hasPart: next.pop(), requests: 0, handingOn: 0 });
    before = process.cpuUsage();
  };
  setInterval(changeTurns, TURN_MS).unref();
  return current;
}

/** The CPU time that this process has used since, in microseconds. */
export function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
