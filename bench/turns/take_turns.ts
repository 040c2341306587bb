import { appendFileSync } from "node:fs";
import { type Turn, TURNS_FILE } from "./turn.ts";

const TURN_MS = 100;
const TURNS_A_WRITE = 10;

/** The turn that this process is in. */
export type CurrentTurn = Pick<Turn, "isDone" | "requests" | "handedOn">;

/**
 * Begins to take turns, for as long as the process lives, and writes them to the file that {@link TURNS_FILE} names.
 *
 * @returns the current turn, which the part counts in
 */
export function takeTurns(): CurrentTurn {
  const file = process.env[TURNS_FILE]!;
  const current = { isDone: true, requests: 0, handedOn: 0 };
  let turns: Turn[] = [];
  // In pairs, and by chance, because something else may come in equal intervals, too.
  let next: boolean[] = [];
  let before = process.cpuUsage();
  const changeTurns = () => {
    const cpu = cpuSince(before) - current.handedOn;
    turns.push({ pid: process.pid, cpu, ...current });
    if (turns.length === TURNS_A_WRITE) {
      appendFileSync(file, turns.map((turn) => `${JSON.stringify(turn)}\n`).join(""));
      turns = [];
    }
    if (next.length === 0) next = Math.random() < 0.5 ? [true, false] : [false, true];
    Object.assign(current, { isDone: next.pop(), requests: 0, handedOn: 0 });
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
