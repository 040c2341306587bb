import { readFileSync } from "node:fs";
import { childrenOf } from "./processes.ts";

/**
 * The resident memory of a process and all of its descendants. Pages that they share count once for
 * each, so only differences mean something.
 *
 * @param pid the process at the top
 * @returns bytes
 */
export function residentMemory(pid: number): number {
  const own = /^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return childrenOf(pid).reduce((sum, child) => sum + residentMemory(child), Number(own) * 1024);
}
