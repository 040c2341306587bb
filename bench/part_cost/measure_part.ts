import { join } from "node:path";
import { generateLoad } from "../load/wrk.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { childrenOf, type RunningServer } from "../measure/processes.ts";
import { interleave } from "../measure/statistics.ts";
import { type Case, cpuTimeOf, groupByKey } from "../peers/fleet.ts";
import type { Effort, Quantity, Series } from "../scenario.ts";
import { costOfHandingOn, costOfPart, TURNS_FILE, turnsIn } from "./turn.ts";

/** A server that does a part of its work by turns, under load. */
export interface CaseByTurns extends Case {
  /** The path of the file that it writes its turns to. */
  turns: string;
}

/** What a part takes in all. */
export const MORE: Quantity = { key: "more", label: "µs of the part" };

/** The quantities that a part is measured in. */
export const PART_COST: Quantity[] = [
  { key: "exchange", label: "µs of an exchange" },
  { key: "handingOn", label: "µs of handing on" },
  { key: "supervisor", label: "µs of the supervisor" },
  MORE,
];

/** How long a measurement takes, in whole seconds: about a thousand turns. */
export const SECONDS = 30;

// Compilers first have to see what is hot.
const WARM_UP_SECONDS = 10;

/**
 * The environment of a server that does a part of its work by turns.
 *
 * @param program the program in this folder that makes the turns
 * @param file the path of the file that it writes them to
 */
export function withTurns(program: string, file: string): Record<string, string> {
  return { [TURNS_FILE]: file, BUN_OPTIONS: `--preload=${join(import.meta.dir, program)}` };
}

/**
 * Measures what a part takes of a request.
 *
 * @param cases measured once a round each
 * @param effort how often
 * @returns the samples of each case
 */
export async function measurePart(
  cases: readonly CaseByTurns[],
  { rounds, seconds, smoke, log }: Effort,
): Promise<Map<Case, Series["samples"]>> {
  const measure = async (one: CaseByTurns) => {
    const sample = await measureOnce(one, smoke ? seconds : SECONDS);
    log(`${one.group} | ${one.member.peer.name}: ${sample.more.toFixed(2)} µs`);
    return sample;
  };
  if (!smoke) for (const one of cases) await measureOnce(one, WARM_UP_SECONDS);
  const samples = await interleave(rounds, cases, measure);
  return new Map([...samples].map(([one, all]) => [one, groupByKey(all)]));
}

async function measureOnce({ member, load, turns: file }: CaseByTurns, seconds: number) {
  const { server } = member;
  await Bun.write(file, "");
  const before = supervisorTime(server);
  const { requests } = await generateLoad({ ...load, seconds, port: server.port });
  const supervisor = (supervisorTime(server) - before) / requests;
  const turns = turnsIn(await Bun.file(file).text());
  const [exchange, handingOn] = [costOfPart(turns), costOfHandingOn(turns)];
  if (Number.isNaN(exchange)) throw new Error(`${member.peer.name}: no turns of both kinds`);
  return { exchange, handingOn, supervisor, more: exchange + handingOn + (supervisor || 0) };
}

/** All CPU time of the process that has the workers, in microseconds; NaN when it serves requests itself. */
function supervisorTime(server: RunningServer): number {
  const workers = childrenOf(server.pid!);
  if (workers.length === 0) return Number.NaN;
  return workers.reduce((rest, pid) => rest - cpuTime(pid), cpuTimeOf(server));
}
