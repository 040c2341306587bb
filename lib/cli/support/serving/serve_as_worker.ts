import { ActivityRelay } from "../../../runtime/admin/activity/relay.ts";
import { listen } from "../../../runtime/listen.ts";
import { listenOrReport } from "../../../runtime/process/listen_or_report.ts";
import type { SupervisorConnection } from "../../../runtime/process/worker.ts";
import { startObservers } from "./observers.ts";
import { openInWorker } from "./open_ledger.ts";
import { createProcessLog } from "./process_log.ts";
import { countGenerations, processState } from "./process_state.ts";
import { runService } from "./run_service.ts";
import type { SettingsSource } from "./settings_source.ts";
import { prepareStart, type Start } from "./process_start.ts";
import { workerSettings } from "./worker_settings.ts";

/**
 * Serves as one of several workers, which share a port and the limits of the settings.
 *
 * @param source the source of the settings
 * @param parts the queue that writes the lines of the log, and the SIGHUPs
 * @param supervisor the connection to the supervisor
 * @returns the exit code: 0, or 1 when it cannot listen on the address
 */
export async function serveAsWorker(
  source: SettingsSource,
  { queue, hangUps }: Pick<Start, "queue" | "hangUps">,
  supervisor: SupervisorConnection,
): Promise<number> {
  const { number } = supervisor.start;
  const { settings, state, load, texts } = workerSettings(source, supervisor.start);
  const log = createProcessLog(settings, queue, number);
  const ledger = await openInWorker(settings, supervisor, log);
  if (!ledger) return 1;
  const start = await prepareStart(ledger, settings, { load, state, hangUps, log, queue });
  const { store, revocations } = start;
  const relay =
    settings.adminToken === undefined
      ? undefined
      : new ActivityRelay({ send: supervisor.reportCounted, now: Date.now });
  if (relay) supervisor.offer({ report: () => relay.flush() });
  const observers = await startObservers(start, relay, number);
  const { metrics } = observers;
  const gateway = await listenOrReport(settings, () =>
    listen(settings, { ...observers, store, revocations, isShared: true }),
  );
  if (!gateway) return 1;
  if (metrics) supervisor.offer({ metrics: metrics.snapshot });
  const counted = countGenerations(gateway);
  if (revocations) {
    supervisor.offer({
      state: () => processState(counted, revocations, Date.now()),
      endExchange: (requestId) => revocations.open.end(requestId),
    });
  }
  await runService({
    ...start,
    gateway: counted.gateway,
    metrics,
    manager: supervisor,
    supervisor,
    onLoaded: ({ drain, logLevel }, state) =>
      supervisor.reportLoaded({ texts: texts(), state, drain, logLevel }),
  });
  relay?.flush();
  ledger.close();
  supervisor.close();
  return 0;
}
