import type { Settings } from "../../../config/settings.ts";
import type { Logger } from "../../../runtime/observe/log.ts";
import { createTelemetry, type Telemetry } from "../../../runtime/observe/otlp/telemetry.ts";

/**
 * Starts the export of traces and metrics.
 *
 * @param settings of the process
 * @param log gets warnings
 * @param worker the number of this worker. Absent: the process is the only one
 * @returns `undefined` when nothing is exported
 */
export function openTelemetry(
  { telemetry, tls }: Settings,
  log: Logger,
  worker?: number,
): Telemetry | undefined {
  if (!telemetry) return undefined;
  return createTelemetry(telemetry, { log, worker, scheme: tls ? "https" : "http" });
}
