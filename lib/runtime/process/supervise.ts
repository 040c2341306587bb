import type { Settings } from "../../config/settings.ts";
import { listenForAdmin } from "../admin/admin.ts";
import type { Logger } from "../observe/log.ts";
import { mergeSnapshots } from "../observe/metrics.ts";
import { freePort } from "./free_port.ts";
import type { ServiceManager } from "./service_manager.ts";
import { EXIT_CODES, onStopSignal } from "./stop_signals.ts";
import { WorkerPool } from "./worker_pool.ts";

/**
 * Runs several worker processes that share the port, replaces those that die, and passes signals on to
 * them: SIGHUP reloads, SIGTERM or SIGINT stops, and a second one of these ends everything at once.
 *
 * @param settings the operator's settings
 * @param log gets a line for each worker that dies
 * @param manager notified when the first worker listens, at reloads and at the stop
 * @returns the exit code, once all workers have ended: 0 after a stop, 1 when no worker could listen
 * @throws the runtime's error when the admin listener cannot have its address
 */
export async function supervise(
  settings: Settings,
  log: Logger,
  manager: ServiceManager,
): Promise<number> {
  const count = settings.workers === "auto" ? navigator.hardwareConcurrency : settings.workers;
  const port = settings.port === 0 ? await freePort(settings.host) : settings.port;
  const pool = new WorkerPool({
    count,
    port,
    log,
    onReady: () => manager.ready(`listening on port ${port}, with ${count} workers`),
    onReloaded: manager.reloaded,
  });
  const admin = settings.admin && listenForAdmin(settings.admin, adminSources(pool));
  passSignalsOn(pool, manager, settings.drain);
  const exitCode = await pool.ended;
  await admin?.stop();
  return exitCode;
}

function adminSources(pool: WorkerPool) {
  return {
    isReady: () => pool.isReady,
    metrics: async () => mergeSnapshots(await pool.metrics()),
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
