import type { Settings } from "../../../config/settings.ts";
import type { ActivityRelay } from "../../../runtime/admin/activity/relay.ts";
import type { Logger } from "../../../runtime/observe/log.ts";
import type { LogQueue } from "../../../runtime/observe/log_queue.ts";
import type { Metrics } from "../../../runtime/observe/metrics.ts";
import type { Observers } from "../../../runtime/observe/observers.ts";
import type { Start } from "./process_start.ts";

// Most gateways start without the metrics and the export, and a start loads only what it needs.

/**
 * Starts what records the exchanges of this process.
 *
 * @param start the settings and the log
 * @param relay counts exchanges for the admin API. Absent: there is none
 * @param worker the number of this worker. Absent: the process is the only one
 */
export async function startObservers(
  { settings, log, queue, revocations }: Start,
  relay: ActivityRelay | undefined,
  worker?: number,
): Promise<Observers> {
  const metrics = settings.admin && (await startMetrics(queue));
  const telemetry = settings.telemetry && (await startTelemetry(settings, log, worker));
  if (revocations) metrics?.watchRevocations(() => revocations.isStale);
  if (telemetry) metrics?.watchTelemetry(telemetry.report.counts);
  return { log, metrics, telemetry, activity: relay };
}

async function startTelemetry(settings: Settings, log: Logger, worker: number | undefined) {
  const { openTelemetry } = await import("./open_telemetry.ts");
  return openTelemetry(settings, log, worker);
}

async function startMetrics(queue: LogQueue): Promise<Metrics> {
  const { createMetrics } = await import("../../../runtime/observe/metrics.ts");
  return createMetrics(() => queue.lostLines);
}
