import process, { env } from "node:process";
import type { Settings } from "../../../config/settings.ts";
import { createLog, lineFormat, type Logger } from "../../../runtime/observe/log.ts";
import type { LogQueue } from "../../../runtime/observe/log_queue.ts";

/**
 * Creates the log of this process.
 *
 * @param settings the level and the format
 * @param queue writes the lines
 * @param worker the number of this worker, which every line has. Absent: the process is no worker
 */
export function createProcessLog(
  { logLevel, logFormat }: Settings,
  queue: LogQueue,
  worker?: number,
): Logger {
  const format = lineFormat(logFormat, process.stdout.isTTY === true, env["NO_COLOR"]);
  return createLog(logLevel, queue, { format, ...(worker !== undefined && { base: { worker } }) });
}
