import type { Settings } from "../../../config/settings.ts";
import { TimerWheel } from "../../../gateway/time/timer_wheel.ts";
import type { Logger } from "../../../runtime/observe/log.ts";
import { createTelemetry, type Telemetry } from "../../../runtime/observe/otlp/telemetry.ts";
import { createUpstreamFetch } from "../../../runtime/upstream/upstream_fetch.ts";

/**
 * Starts the export of traces and metrics.
 *
 * @param settings of the process
 * @param log gets warnings
 * @param worker the number of this worker. Absent: the process is the only one
 * @returns `undefined` when nothing is exported
 */
export function openTelemetry(
  { telemetry, tls, upstreamCa, connectTimeout }: Settings,
  log: Logger,
  worker?: number,
): Telemetry | undefined {
  if (!telemetry) return undefined;
  const fetchUpstream = createUpstreamFetch({
    timers: new TimerWheel(),
    connectTimeout,
    ...(upstreamCa !== undefined && { upstreamCa }),
  });
  return createTelemetry(telemetry, { fetchUpstream, log, worker, scheme: tls ? "https" : "http" });
}
