import type { Settings } from "../../config/settings.ts";
import { type AdminSources, listenForAdmin } from "../admin/admin.ts";
import { exclusivePort } from "../listen.ts";
import type { Logger } from "../observe/log.ts";
import { mergeSnapshots } from "../observe/metrics.ts";
import { listenOrReport } from "./listen_or_report.ts";
import type { ServiceManager } from "./service_manager.ts";
import { EXIT_CODES, onStopSignal } from "./stop_signals.ts";
import { WorkerPool } from "./worker_pool.ts";

/** Options of {@link supervise}. */
export interface SuperviseOptions {
  /** Gets a line for each worker that dies. */
  log: Logger;
  /** Told of the first worker that listens, of reloads and of the stop. */
  manager: ServiceManager;
  /** What the settings were read from that cannot be read again, by path. */
  texts: Readonly<Record<string, string>>;
}

/**
 * Runs one or more worker processes that share the port, replaces those that die, and passes signals on to
 * them: SIGHUP reloads, SIGTERM or SIGINT stops, and a second one of these ends everything at once.
 *
 * @param settings the operator's settings
 * @param options the log, the service manager and the texts of pipes
 * @returns the exit code, once all workers have ended: 0 after a stop, 1 when an address cannot be had
 */
export async function supervise(
  settings: Settings,
  { log, manager, texts }: SuperviseOptions,
): Promise<number> {
  const { admin: adminAddress, drain } = settings;
  const count = settings.workers === "auto" ? navigator.hardwareConcurrency : settings.workers;
  const port = listenOrReport(settings, () => exclusivePort(settings));
  if (port === undefined) return 1;
  let pool: WorkerPool | undefined;
  const sources = adminSources(() => pool);
  const admin =
    adminAddress && listenOrReport(adminAddress, () => listenForAdmin(adminAddress, sources));
  if (adminAddress && !admin) return 1;
  pool = new WorkerPool({
    count,
    start: { port, texts },
    log,
    onReady: () => manager.ready(`listening on port ${port}, with ${count} workers`),
    onReloaded: manager.reloaded,
  });
  passSignalsOn(pool, manager, drain);
  const exitCode = await pool.ended;
  await admin?.stop();
  return exitCode;
}

/** @param pool the workers; `undefined` until they are started */
function adminSources(pool: () => WorkerPool | undefined): AdminSources {
  return {
    isReady: () => pool()?.isReady ?? false,
    metrics: async () => mergeSnapshots((await pool()?.metrics()) ?? []),
  };
}

function passSignalsOn(pool: WorkerPool, manager: ServiceManager, drain: number): void {
  process.on("SIGHUP", () => {
    manager.reloading();
    pool.reload();
  });
  onStopSignal(async (signal) => {
    if (pool.isStopping) {
      pool.kill();
      process.exit(EXIT_CODES[signal]);
    }
    manager.stopping(drain);
    await pool.stop(signal);
  });
}
