import { readFileSync } from "node:fs";
import { childrenOf } from "./processes.ts";

/**
 * The resident memory of a process and all of its descendants. A page that they share counts once
 * for each, so only differences are meaningful.
 *
 * @param pid the process at the top
 * @returns bytes
 */
export function residentMemory(pid: number): number {
  return sumOverTree(pid, "status", /^VmRSS:\s*(\d+) kB/m);
}

/**
 * The memory that belongs to a process and its descendants alone and is no page of a file: heaps and stacks.
 *
 * @param pid the process at the top
 * @returns bytes
 */
export function anonymousMemory(pid: number): number {
  return sumOverTree(pid, "smaps_rollup", /^Anonymous:\s*(\d+) kB/m);
}

function sumOverTree(pid: number, file: string, pattern: RegExp): number {
  const own = pattern.exec(readFileSync(`/proc/${pid}/${file}`, "latin1"))?.[1];
  return childrenOf(pid).reduce(
    (sum, child) => sum + sumOverTree(child, file, pattern),
    Number(own) * 1024,
  );
}
