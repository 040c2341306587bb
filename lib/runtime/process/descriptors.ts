import { readdirSync, readFileSync, readlinkSync } from "node:fs";

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

/**
 * Tells whether this process was started with open descriptors in addition to stdin, stdout and stderr.
 *
 * @returns true also when that is unknown, on a system without /proc
 */
export function hasInheritedDescriptors(): boolean {
  try {
    return readdirSync("/proc/self/fd").some((name) => Number(name) > 2 && isInherited(name));
  } catch {
    return true;
  }
}

// Descriptors that the runtime opens itself, and those that cannot be read as a file.
const UNREADABLE = /^(anon_inode:|socket:|\/dev\/null$)/;

function isInherited(name: string): boolean {
  try {
    return !UNREADABLE.test(readlinkSync(`/proc/self/fd/${name}`));
  } catch {
    // The descriptor that the list was read from is closed again.
    return false;
  }
}
