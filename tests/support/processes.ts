import { readdir, readFile } from "node:fs/promises";

/** The processes that this one has started and that still run. */
export async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return text.trim().split(/\s+/).filter(Boolean).map(Number);
}

// The bit of SIGUSR2 in a mask of signals.
const SIGUSR2 = 1n << 11n;

/** Whether the process has handlers for the signals that it only ignores, which it sets before it reads its settings. */
export async function ignoresUserSignals(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return (BigInt(`0x${/SigCgt:\s*(\w+)/.exec(status)?.[1]}`) & SIGUSR2) !== 0n;
}

/** How much memory the process holds, in bytes. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024;
}

/** How many descriptors the process has open. */
export async function descriptorsOf(pid: number): Promise<number> {
  return (await readdir(`/proc/${pid}/fd`)).length;
}

/** Milliseconds of processor time that a process and its threads have taken, in steps of 10. */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  // Behind the name, which may hold blanks: the state is field 3, utime 14, stime 15.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
