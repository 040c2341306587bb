import type { TextsByPath } from "../../../config/read_text.ts";
import type { Settings } from "../../../config/settings.ts";
import { shareLimits } from "../../../config/share_limits.ts";
import { withStartValues } from "../../../config/start_values.ts";
import { ActivityRelay } from "../../../runtime/admin/activity/relay.ts";
import { listen } from "../../../runtime/listen.ts";
import type { LogQueue } from "../../../runtime/observe/log_queue.ts";
import { listenOrReport } from "../../../runtime/process/listen_or_report.ts";
import type { SupervisorConnection } from "../../../runtime/process/worker.ts";
import { changeable } from "./changeable.ts";
import { startObservers } from "./observers.ts";
import { openInWorker } from "./open_ledger.ts";
import { createProcessLog } from "./process_log.ts";
import { countGenerations, processState } from "./process_state.ts";
import { runService } from "./run_service.ts";
import type { SettingsSource } from "./settings_source.ts";
import { prepareStart } from "./process_start.ts";

/**
 * Serves as one of several workers, which share a port and the limits of the settings.
 *
 * @param source the source of the settings
 * @param queue writes the lines of the log
 * @param supervisor the connection to the supervisor
 * @returns the exit code: 0, or 1 when it cannot listen on the address
 */
export async function serveAsWorker(
  source: SettingsSource,
  queue: LogQueue,
  supervisor: SupervisorConnection,
): Promise<number> {
  const { number, count, port, texts, initial, latest } = supervisor.start;
  const { files } = source;
  files.keep(texts);
  const share = (settings: Settings) =>
    shareLimits({ ...changeable(settings, texts), port }, count);
  const replayed = (texts: TextsByPath) => files.replay(texts, source.load);
  const settings = share(withStartValues(replayed(latest.texts), replayed(initial)));
  let loaded = latest.texts;
  const load = () => {
    const [current, texts] = files.record(source.load);
    loaded = texts;
    return share(current);
  };
  const log = createProcessLog(settings, queue, number);
  const ledger = await openInWorker(settings, supervisor, log);
  if (!ledger) return 1;
  const { state } = latest;
  const start = await prepareStart(ledger, settings, { load, state, log, queue });
  const { store, revocations } = start;
  const relay =
    settings.adminToken === undefined
      ? undefined
      : new ActivityRelay({ send: supervisor.reportCounted, now: Date.now });
  if (relay) supervisor.offer({ report: () => relay.flush() });
  const observers = await startObservers(start, relay, number);
  const { metrics } = observers;
  const gateway = listenOrReport(settings, () =>
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
    onLoaded: ({ drain }, state) => supervisor.reportLoaded({ texts: loaded, state, drain }),
  });
  relay?.flush();
  ledger.close();
  supervisor.close();
  return 0;
}
