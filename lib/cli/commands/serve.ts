import { env } from "node:process";
import { ledgerServers } from "../../config/ledger/ledger_location.ts";
import { connectWorker } from "../../runtime/ledger/workers/store_server.ts";
import { INTERVAL_MS, LogQueue, PIPE_BUF } from "../../runtime/observe/log_queue.ts";
import { HangUps } from "../../runtime/process/hang_ups.ts";
import { relaunchWithSettings } from "../../runtime/process/relaunch.ts";
import { findServiceManager } from "../../runtime/process/service_manager.ts";
import { ignoreUserSignals } from "../../runtime/process/stop_signals.ts";
import { connectToSupervisor } from "../../runtime/process/worker.ts";
import type { LoadedSettings } from "../../runtime/reload.ts";
import { apiOfSupervisor } from "../support/serving/admin_sources.ts";
import { openOrReport } from "../support/serving/open_ledger.ts";
import { changeable } from "../support/serving/changeable.ts";
import { createProcessLog } from "../support/serving/process_log.ts";
import { serveAlone } from "../support/serving/serve_alone.ts";
import { serveAsWorker } from "../support/serving/serve_as_worker.ts";
import type { SettingsSource } from "../support/serving/settings_source.ts";
import { prepareStart, type Start } from "../support/serving/process_start.ts";
import { logStartWarnings } from "../support/serving/start_warnings.ts";

// How long a process waits at its end until its log is written.
const FLUSH_MS = 1000;

/**
 * `signway serve`: runs the gateway until a signal stops it.
 *
 * @param source the source of the settings
 * @returns the exit code: 0, or 1 when it cannot listen on an address
 * @throws ConfigError with the mistakes of the settings
 */
export async function serve(source: SettingsSource): Promise<number> {
  const hangUps = new HangUps();
  ignoreUserSignals();
  const supervisor = await connectToSupervisor(env);
  // Workers share stdout, so their writes must not be mixed.
  const queue = new LogQueue(undefined, {
    maxWrite: supervisor && PIPE_BUF,
    intervalMs: INTERVAL_MS,
  });
  const parts = { queue, hangUps };
  const exitCode = await (supervisor
    ? serveAsWorker(source, parts, supervisor)
    : serveOrSupervise(source, parts));
  await queue.flush(FLUSH_MS);
  return exitCode;
}

async function serveOrSupervise(
  source: SettingsSource,
  { queue, hangUps }: Pick<Start, "queue" | "hangUps">,
): Promise<number> {
  const { load, files } = source;
  const { result: settings, texts: allTexts, stateOf } = files.record(load);
  const texts = files.texts();
  const state = stateOf(changeable(settings, texts).files);
  // A relaunched process cannot read a pipe again. A supervisor passes the text on to its worker.
  const isSupervisor = settings.workers !== 1 || Object.keys(texts).length > 0;
  if (!isSupervisor) relaunchWithSettings();
  const log = createProcessLog(settings, queue);
  logStartWarnings(log, settings, source);
  const manager = findServiceManager(env, log);
  const ledger = await openOrReport(settings, log);
  if (!ledger) return 1;
  try {
    if (!isSupervisor) {
      const start = await prepareStart(ledger, settings, {
        load: () => loadAgain(source),
        state,
        hangUps,
        log,
        queue,
      });
      return await serveAlone(start, manager);
    }
    const api = await apiOfSupervisor(settings, ledger);
    // Each worker connects with servers by itself. This process has found that they can be used.
    const isShared = ledgerServers(settings.ledger) !== undefined;
    if (isShared && !api) ledger.close();
    const connectLedger = () => connectWorker(ledger.store, ledger.revocations);
    const shared = isShared ? {} : { connectLedger };
    // Most gateways have no workers, and a start loads only what it needs.
    const { supervise } = await import("../../runtime/process/supervise.ts");
    const { drain, logLevel } = settings;
    const initial = { texts: allTexts, state, drain, logLevel };
    const parts = { log, manager, hangUps, files: { texts, initial }, api };
    return await supervise(settings, { ...parts, ...shared });
  } finally {
    ledger.close();
  }
}

function loadAgain({ load, files }: SettingsSource): LoadedSettings {
  const { result: settings, stateOf } = files.record(load);
  return { settings, state: stateOf(settings.files) };
}
