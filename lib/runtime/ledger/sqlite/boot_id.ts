import { readFileSync } from "node:fs";

/**
 * Returns the id that the kernel chose when the machine started.
 *
 * @returns the id; `undefined` where the system has none, such as macOS
 */
export function readBootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}
