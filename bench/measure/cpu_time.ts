import { dlopen } from "bun:ffi";
import { childrenOf } from "./processes.ts";

const { symbols: libc } = dlopen("libc.so.6", {
  clock_getcpuclockid: { args: ["i32", "ptr"], returns: "i32" },
  clock_gettime: { args: ["i32", "ptr"], returns: "i32" },
});

/**
 * The user and system time of a process and all of its descendants, threads that have ended included.
 * It has the kernel's full resolution (clock_getcpuclockid(3)); `/proc/PID/stat` has steps of 10 ms.
 *
 * @param root the process at the top
 * @returns microseconds
 * @throws Error when it does not run
 */
export function cpuTime(root: number): number {
  return childrenOf(root).reduce((sum, child) => sum + cpuTime(child), cpuTimeOfOne(root));
}

function cpuTimeOfOne(pid: number): number {
  const clock = new Int32Array(1);
  const time = new BigInt64Array(2);
  const failed = libc.clock_getcpuclockid(pid, clock) || libc.clock_gettime(clock[0]!, time);
  if (failed) throw new Error(`process ${pid} does not run`);
  return Number(time[0]) * 1e6 + Number(time[1]) / 1e3;
}
