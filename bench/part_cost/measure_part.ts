import { join } from "node:path";
import { generateLoad } from "../load/wrk.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { childrenOf, type RunningServer } from "../measure/processes.ts";
import { interleave } from "../measure/statistics.ts";
import { type Case, cpuTimeOf, groupByKey } from "../peers/fleet.ts";
import type { SignwayOptions } from "../peers/signway.ts";
import type { Effort, Quantity, Series } from "../scenario.ts";
import { costOfHandingOn, costOfPart, TURNS_FILE, turnsIn } from "./turn.ts";

/** A server that does a part of its work by turns, under load. */
export interface CaseByTurns extends Case {
  /** The path of the file that it writes its turns to. */
  turns: string;
  /** The server without the part, for what its supervisor does anyway. Absent: there is no supervisor. */
  without?: Case;
}

/** What a part takes in all. */
export const MORE: Quantity = { key: "more", label: "µs of the part" };

/** The quantities that a part is measured in. */
export const PART_COST: Quantity[] = [
  { key: "exchange", label: "µs of an exchange" },
  { key: "handingOn", label: "µs of handing on" },
  { key: "supervisor", label: "µs more of the supervisor" },
  MORE,
];

/** How long a measurement takes, in whole seconds: about a thousand turns. */
export const SECONDS = 30;

// Compilers first have to see what is hot.
const WARM_UP_SECONDS = 10;

const SOURCE = join(import.meta.dir, "..", "..", "server.ts");

/**
 * The options of a server that does a part of its work by turns. It runs from the source, some lines of which are exchanged.
 *
 * @param program the program in this folder that makes the turns
 * @param file the path of the file that it writes them to
 */
export function withTurns(
  program: string,
  file: string,
): Required<Pick<SignwayOptions, "command" | "env">> {
  const preload = `--preload=${join(import.meta.dir, program)}`;
  return {
    command: [process.execPath, SOURCE],
    env: { [TURNS_FILE]: file, BUN_OPTIONS: preload },
  };
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

async function measureOnce(one: CaseByTurns, seconds: number) {
  const { member, turns: file, without } = one;
  await Bun.write(file, "");
  const ofSupervisor = await supervisorTimeUnderLoad(one, seconds);
  const supervisor = without && ofSupervisor - (await supervisorTimeUnderLoad(without, seconds));
  const turns = turnsIn(await Bun.file(file).text());
  const [exchange, handingOn] = [costOfPart(turns), costOfHandingOn(turns)];
  if (Number.isNaN(exchange)) throw new Error(`${member.peer.name}: no turns of both kinds`);
  const more = exchange + handingOn + (supervisor ?? 0);
  return { exchange, handingOn, ...(supervisor !== undefined && { supervisor }), more };
}

/** Loads a server for so many seconds. Returns the CPU time that its supervisor used per request, in microseconds. */
async function supervisorTimeUnderLoad({ member, load }: Case, seconds: number): Promise<number> {
  const { server } = member;
  const before = supervisorTime(server);
  const { requests } = await generateLoad({ ...load, seconds, port: server.port });
  return (supervisorTime(server) - before) / requests;
}

/** All CPU time of the process that has the workers, or serves requests itself, in microseconds. */
function supervisorTime(server: RunningServer): number {
  return childrenOf(server.pid!).reduce((rest, pid) => rest - cpuTime(pid), cpuTimeOf(server));
}
