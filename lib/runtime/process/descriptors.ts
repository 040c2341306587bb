import { readFileSync } from "node:fs";

/** The recommended minimum. Each exchange needs a descriptor for the client and one for the upstream. */
export const RECOMMENDED_DESCRIPTORS = 4096;

/**
 * Reads the maximum number of descriptors that this process may open (`ulimit -n`).
 *
 * @returns the limit; `undefined` when there is no limit or no /proc
 */
export function descriptorLimit(): number | undefined {
  try {
    const line = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"));
    return line ? Number(line[1]) : undefined;
  } catch {
    return undefined;
  }
}
