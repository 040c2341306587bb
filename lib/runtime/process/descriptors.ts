import { readFileSync } from "node:fs";

/** With fewer, a busy gateway runs out: each exchange takes one for the client and one for the upstream. */
export const RECOMMENDED_DESCRIPTORS = 4096;

/**
 * Reads how many descriptors this process may open (`ulimit -n`).
 *
 * @returns the limit; `undefined` when there is none or the system does not report it
 */
export function descriptorLimit(): number | undefined {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}
