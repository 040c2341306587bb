import { readFileSync } from "node:fs";

/** Below this a busy gateway runs out: each exchange takes a descriptor on either side. */
export const FEW_DESCRIPTORS = 4096;

/**
 * How many descriptors this process may open (`ulimit -n`).
 *
 * @returns `undefined` where the system does not tell, and for no limit
 */
export function descriptorLimit(): number | undefined {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}
