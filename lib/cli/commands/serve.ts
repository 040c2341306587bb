import process, { env } from "node:process";
import { ledgerServers } from "../../config/ledger_location.ts";
import type { Settings } from "../../config/settings.ts";
import { shareLimits } from "../../config/share_limits.ts";
import type { LedgerStore } from "../../gateway/ledger/store.ts";
import type { Revocations } from "../../gateway/ledger/revocation/revocations.ts";
import { ActivityRelay } from "../../runtime/admin/activity/relay.ts";
import type { RunningAdmin } from "../../runtime/admin/admin.ts";
import type { AdminSources } from "../../runtime/admin/sources.ts";
import type { UsageStore } from "../../gateway/ledger/usage_store.ts";
import type { Observers } from "../../runtime/configured.ts";
import { connectWorker } from "../../runtime/ledger/workers/store_server.ts";
import { listen, type RunningGateway } from "../../runtime/listen.ts";
import { createLog, lineFormat, type Logger } from "../../runtime/observe/log.ts";
import { INTERVAL_MS, LogQueue, PIPE_BUF } from "../../runtime/observe/log_queue.ts";
import type { Metrics } from "../../runtime/observe/metrics.ts";
import type { OpenLedger } from "../../runtime/open_ledger.ts";
import { relaunchWithSettings } from "../../runtime/process/relaunch.ts";
import { runUntilSignal } from "../../runtime/process/run_until_signal.ts";
import { findServiceManager, type ServiceManager } from "../../runtime/process/service_manager.ts";
import { ignoreUserSignals } from "../../runtime/process/stop_signals.ts";
import { connectToSupervisor, type SupervisorConnection } from "../../runtime/process/worker.ts";
import { reloadOnChange } from "../../runtime/reload.ts";
import { listenOrReport } from "../../runtime/process/listen_or_report.ts";
import { adminSources, apiOfSupervisor, apiParts } from "../support/admin_sources.ts";
import { describeService } from "../support/describe_service.ts";
import { countGenerations, processState } from "../support/process_state.ts";
import { followRevocations, namesOf, openInWorker, openOrReport } from "../support/open_ledger.ts";
import type { FileReader } from "../support/read_file.ts";
import { logStartWarnings, type SettingsOrigin } from "../support/start_warnings.ts";

/** The source of the settings of `signway serve`. */
export interface SettingsSource extends SettingsOrigin {
  /** Reads the settings, at the start and at each reload. Throws ConfigError with their mistakes. */
  load: () => Settings;
  /** The file reader that `load` uses. */
  files: Pick<FileReader, "texts" | "keep">;
}

/** The things that a process needs to start serving. */
interface Start {
  settings: Settings;
  /** Reads the settings again. */
  load: () => Settings;
  log: Logger;
  /** Writes the lines of the log to stdout. */
  queue: LogQueue;
  /** Where the counters of limits are. */
  store: LedgerStore;
  /** What is revoked; `undefined` when nothing can be. */
  revocations: Revocations | undefined;
  /** What gateways tell each other of. */
  usage: UsageStore | undefined;
}

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
  ignoreUserSignals();
  const supervisor = await connectToSupervisor(env);
  // Workers share stdout, so their writes must not be mixed.
  const queue = new LogQueue(undefined, {
    maxWrite: supervisor && PIPE_BUF,
    intervalMs: INTERVAL_MS,
  });
  const exitCode = await (supervisor
    ? serveAsWorker(source, queue, supervisor)
    : serveOrSupervise(source, queue));
  await queue.flush(FLUSH_MS);
  return exitCode;
}

async function serveOrSupervise(source: SettingsSource, queue: LogQueue): Promise<number> {
  const { load, files } = source;
  const settings = load();
  const texts = files.texts();
  // A relaunched process cannot read a pipe again. A supervisor passes the text on to its worker.
  const isSupervisor = settings.workers !== 1 || Object.keys(texts).length > 0;
  if (!isSupervisor) relaunchWithSettings();
  const log = createLog(settings.logLevel, queue, { format: formatOf(settings) });
  logStartWarnings(log, settings, source);
  const manager = findServiceManager(env, log);
  const ledger = await openOrReport(settings, log);
  if (!ledger) return 1;
  try {
    if (!isSupervisor)
      return await serveAlone(await startOf(ledger, settings, { load, log, queue }), manager);
    const api = await apiOfSupervisor(settings, ledger);
    // Each worker connects with servers by itself. This process has found that they can be used.
    const isShared = ledgerServers(settings.ledger) !== undefined;
    if (isShared && !api) ledger.close();
    const connectLedger = () => connectWorker(ledger.store, ledger.revocations);
    const shared = isShared ? {} : { connectLedger };
    const { supervise } = await import("../../runtime/process/supervise.ts");
    return await supervise(settings, { log, manager, texts, api, ...shared });
  } finally {
    ledger.close();
  }
}

function formatOf({ logFormat }: Settings) {
  return lineFormat(logFormat, process.stdout.isTTY === true, env["NO_COLOR"]);
}

/** Settings that are read again may have further apps. */
async function startOf(
  ledger: OpenLedger,
  settings: Settings,
  { load, log, queue }: Pick<Start, "load" | "log" | "queue">,
): Promise<Start> {
  const { store, usage, prepare } = ledger;
  const loadAndPrepare = () => {
    const loaded = load();
    prepare(namesOf(loaded));
    return loaded;
  };
  const revocations = await followRevocations(settings, ledger);
  return { settings, load: loadAndPrepare, log, queue, store, revocations, usage };
}

async function serveAsWorker(
  source: SettingsSource,
  queue: LogQueue,
  supervisor: SupervisorConnection,
): Promise<number> {
  const { number, count, port, texts } = supervisor.start;
  source.files.keep(texts);
  const load = () => shareLimits({ ...source.load(), port }, count);
  const settings = load();
  const log = createLog(settings.logLevel, queue, {
    base: { worker: number },
    format: formatOf(settings),
  });
  const ledger = await openInWorker(settings, supervisor, log);
  if (!ledger) return 1;
  const start = await startOf(ledger, settings, { load, log, queue });
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
  await run({ ...start, gateway: counted.gateway, metrics, manager: supervisor, supervisor });
  relay?.flush();
  ledger.close();
  supervisor.close();
  return 0;
}

async function serveAlone(start: Start, manager: ServiceManager) {
  const { settings, store, revocations, usage } = start;
  const { admin: address } = settings;
  const api = revocations && apiParts(settings, { store, revocations, usage });
  const relay = api && new ActivityRelay({ send: (sums) => api.activity.add(sums), now: Date.now });
  const observers = await startObservers(start, relay);
  const { metrics } = observers;
  const gateway = listenOrReport(settings, () =>
    listen(settings, { ...observers, store, revocations }),
  );
  if (!gateway) return 1;
  const counted = countGenerations(gateway);
  const sources = adminSources(counted, metrics, { api, revocations, relay });
  const admin = address && (await startAdmin(address, sources));
  if (address && !admin) {
    await gateway.stop(0);
    return 1;
  }
  api?.usage.start(async () => relay?.flush());
  await run({ ...start, gateway: counted.gateway, metrics, admin, manager });
  await admin?.stop();
  await api?.usage.stop();
  return 0;
}

/** A process whose gateway listens. */
interface Service extends Start {
  gateway: RunningGateway;
  metrics: Metrics | undefined;
  admin?: RunningAdmin | undefined;
  /** The service manager; for a worker, its supervisor. */
  manager: ServiceManager;
  /** The connection to the supervisor; absent unless this is a worker. */
  supervisor?: SupervisorConnection;
}

async function run(service: Service): Promise<void> {
  const { load, log, gateway, metrics, manager, supervisor } = service;
  const options = { load, log, metrics, manager };
  const { reload, stop: stopReloading } = reloadOnChange(gateway, options);
  supervisor?.offer({ reload });
  const stopped = runUntilSignal(gateway, { log, manager, isWorker: supervisor !== undefined });
  // Logged last, because a script that waits for this line may send a signal or change a file at once.
  log.info(describeService(service), "listening");
  manager.ready(`listening on ${gateway.url}`);
  await stopped;
  stopReloading();
}

// Most gateways start without the parts below, and a start loads only what it needs.

/** The worker is the number of this one. Absent: the process is the only one. */
async function startObservers(
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
  const { openTelemetry } = await import("../support/open_telemetry.ts");
  return openTelemetry(settings, log, worker);
}

async function startMetrics(queue: LogQueue): Promise<Metrics> {
  const { createMetrics } = await import("../../runtime/observe/metrics.ts");
  return createMetrics(() => queue.lostLines);
}

async function startAdmin(address: NonNullable<Settings["admin"]>, sources: AdminSources) {
  const { listenForAdmin } = await import("../../runtime/admin/admin.ts");
  return listenOrReport(address, () => listenForAdmin(address, sources));
}
