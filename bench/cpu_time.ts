import { readdirSync, readFileSync } from "node:fs";

interface Process {
  parent: number;
  ticks: number;
}

const ticksPerSecond = Number(Bun.spawnSync(["getconf", "CLK_TCK"]).stdout.toString());

/**
 * User and system time that a process, all of its threads and all of its descendants have used.
 *
 * @param root the process at the top
 * @returns seconds
 */
export function cpuTime(root: number): number {
  const processes = readProcesses();
  let ticks = 0;
  for (const [pid, { ticks: own }] of processes) {
    if (descendsFrom(processes, pid, root)) ticks += own;
  }
  return ticks / ticksPerSecond;
}

function descendsFrom(processes: Map<number, Process>, pid: number, root: number): boolean {
  if (pid === root) return true;
  const parent = processes.get(pid)?.parent;
  return parent !== undefined && descendsFrom(processes, parent, root);
}

function readProcesses(): Map<number, Process> {
  const processes = new Map<number, Process>();
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readStat(pid);
    if (stat !== undefined) processes.set(pid, parseStat(stat));
  }
  return processes;
}

function readStat(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined; // it has ended since the folder was listed
  }
}

/** See proc_pid_stat(5). Children that ended count through the parent that waited for them. */
function parseStat(stat: string): Process {
  // The second field is the program's name in parentheses and may itself hold spaces and both kinds of them.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => Number(fields[number - 3]);
  return { parent: field(4), ticks: field(14) + field(15) + field(16) + field(17) };
}
