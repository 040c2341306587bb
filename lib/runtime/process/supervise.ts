import type { Settings } from "../../config/settings.ts";
import type { StoreConnection } from "../../gateway/ledger/store_connection.ts";
import { type AdminSources, listenForAdmin } from "../admin/admin.ts";
import type { ApiParts } from "../admin/sources.ts";
import { exclusivePort } from "../listen.ts";
import type { Logger } from "../observe/log.ts";
import { REVOCATIONS_STALE } from "../observe/ledger_metrics.ts";
import { mergeSnapshots, type MetricsSnapshot } from "../observe/metrics.ts";
import type { HangUps } from "./hang_ups.ts";
import { type ListenAddress, listenOrReport } from "./listen_or_report.ts";
import type { WorkerStart } from "./protocol.ts";
import type { ServiceManager } from "./service_manager.ts";
import { EXIT_CODES, onStopSignal } from "./stop_signals.ts";
import { WorkerPool } from "./worker_pool.ts";

/** Options of {@link supervise}. */
export interface SuperviseOptions {
  /** The log, which gets a line for each worker that dies. */
  log: Logger;
  /** The service manager, which is notified of the first listening worker, of reloads and of the stop. */
  manager: ServiceManager;
  /** Tells of each SIGHUP. */
  hangUps: HangUps;
  /** The files that the settings were read from. */
  files: Pick<Required<WorkerStart>, "texts" | "initial">;
  /** Connects a new worker with the ledger of this process. Default: there is none. */
  connectLedger?: () => StoreConnection;
  /** The sources of the admin API, apart from the workers. Absent: there is no API. */
  api?: ApiParts | undefined;
}

/**
 * Runs one or more worker processes that share a port, and restarts workers that die. It passes signals on to
 * the workers: SIGHUP reloads the settings, and SIGTERM or SIGINT stops. A second SIGTERM or SIGINT ends all
 * processes at once.
 *
 * @param settings the operator's settings
 * @param options the log, the service manager and the texts of pipes
 * @returns the exit code, once all workers have ended: 0 after a stop, 1 when it cannot listen on an address
 */
export async function supervise(
  settings: Settings,
  { log, manager, hangUps, files, connectLedger, api }: SuperviseOptions,
): Promise<number> {
  const { admin: adminAddress } = settings;
  const count = settings.workers === "auto" ? navigator.hardwareConcurrency : settings.workers;
  const port = await listenOrReport(settings, () => exclusivePort(settings));
  if (port === undefined) return 1;
  let pool: WorkerPool | undefined;
  const sources = adminSources(() => pool, api);
  const admin = adminAddress && (await startAdmin(adminAddress, sources, log));
  if (adminAddress && !admin) return 1;
  const reload = () => {
    manager.reloading();
    pool?.reload();
  };
  pool = new WorkerPool({
    count,
    start: { port, ...files },
    log,
    connectLedger,
    onCounted: api && ((sums) => api.activity.add(sums)),
    onReady() {
      manager.ready(`listening on port ${port}, with ${count} worker${count === 1 ? "" : "s"}`);
      hangUps.listen(reload);
    },
    onReloaded: manager.reloaded,
  });
  api?.usage.start(() => pool.report());
  passSignalsOn(pool, manager);
  const exitCode = await pool.ended;
  await admin?.stop();
  await api?.usage.stop();
  return exitCode;
}

/** Starts the admin listener, and logs its port, which the workers do not know. */
async function startAdmin(address: ListenAddress, sources: AdminSources, log: Logger) {
  const admin = await listenOrReport(address, () => listenForAdmin(address, sources), "admin");
  if (admin) log.info({ admin_port: admin.port }, "admin listening");
  return admin;
}

/** @param pool returns the workers; `undefined` until they are started */
function adminSources(
  pool: () => WorkerPool | undefined,
  api: SuperviseOptions["api"],
): AdminSources {
  return {
    isReady: () => pool()?.isReady ?? false,
    metrics: async () => mergeSnapshots((await pool()?.cumulativeMetrics()) ?? []),
    isStale: async () => isAnyStale((await pool()?.metrics()) ?? []),
    api: api && {
      ...api,
      refresh: async () => pool()?.report(),
      processes: async () => (await pool()?.states()) ?? [],
      endExchange: async (requestId) => (await pool()?.endExchange(requestId)) ?? 0,
    },
  };
}

/** Whether a worker may not know the latest revocations; `undefined` when nothing can be revoked. */
function isAnyStale(snapshots: readonly MetricsSnapshot[]): boolean | undefined {
  const metrics = snapshots.flat().filter(({ name }) => name === REVOCATIONS_STALE);
  if (metrics.length === 0) return undefined;
  return metrics.some(({ values }) => values.some(({ value }) => value > 0));
}

function passSignalsOn(pool: WorkerPool, manager: ServiceManager): void {
  onStopSignal(async (signal) => {
    if (pool.isStopping) {
      pool.kill();
      process.exit(EXIT_CODES[signal]);
    }
    manager.stopping(pool.drain);
    await pool.stop(signal);
  });
}
