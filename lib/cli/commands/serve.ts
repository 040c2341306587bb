import { env } from "node:process";
import type { Settings } from "../../config/settings.ts";
import { listenForAdmin } from "../../runtime/admin/admin.ts";
import { listen } from "../../runtime/listen.ts";
import { createLog, type Logger } from "../../runtime/observe/log.ts";
import { createMetrics } from "../../runtime/observe/metrics.ts";
import { relaunchWithLimits } from "../../runtime/process/relaunch.ts";
import { reloadOnChange } from "../../runtime/reload.ts";
import { runUntilSignal } from "../../runtime/process/run_until_signal.ts";
import {
  findServiceManager,
  RELOADED,
  type ServiceManager,
} from "../../runtime/process/service_manager.ts";
import { supervise, WORKER } from "../../runtime/process/supervise.ts";
import { answerSupervisor } from "../../runtime/process/worker.ts";
import { listenOrReport } from "../support/listen_or_report.ts";
import { logStartWarnings, type SettingsOrigin } from "../support/start_warnings.ts";

/**
 * `signway serve`: listens until it is told to stop.
 *
 * @param load reads the settings, now and at each reload
 * @param origin where they come from
 * @returns the exit code: 0, or 1 when the address cannot be had
 * @throws ConfigError when there is a mistake in the settings
 */
export async function serve(load: () => Settings, origin: SettingsOrigin): Promise<number> {
  const settings = load();
  relaunchWithLimits();
  const number = env[WORKER];
  const log = createLog(settings.logLevel, number === undefined ? {} : { worker: Number(number) });
  if (number === undefined) logStartWarnings(log, settings, origin);
  if (number !== undefined) return await serveHere(settings, load, log, undefined);
  const manager = findServiceManager(env, log);
  if (settings.workers !== 1) return await supervise(settings, log, manager);
  return await serveHere(settings, load, log, manager);
}

async function serveHere(
  settings: Settings,
  load: () => Settings,
  log: Logger,
  manager: ServiceManager | undefined,
): Promise<number> {
  // A worker has a supervisor instead.
  const isWorker = manager === undefined;
  const metrics = settings.admin ? createMetrics() : undefined;
  const gateway = listenOrReport(settings, () => listen(settings, { log, metrics }, isWorker));
  if (!gateway) return 1;
  const isReady = () => gateway.phase() === "serving";
  const sources = { isReady, metrics: async () => (await metrics?.text()) ?? "" };
  const address = isWorker ? undefined : settings.admin;
  const admin = address && listenOrReport(address, () => listenForAdmin(address, sources));
  if (address && !admin) {
    await gateway.stop(0);
    return 1;
  }
  const supervisor = isWorker ? answerSupervisor(metrics) : undefined;
  const stopReloading = reloadOnChange(settings, load, gateway, log, (reload) => {
    manager?.reloading();
    const isLoaded = reload();
    manager?.ready(isLoaded ? RELOADED.yes : RELOADED.no);
    supervisor?.reloaded(isLoaded);
  });
  const drain = () => gateway.settings().drain;
  const stopped = runUntilSignal(gateway, log, drain, isWorker, manager?.stopping);
  // Whoever reads this line may send a signal or change the file at once.
  log.info({ url: gateway.url, port: gateway.port, ...describe(settings, admin) }, "listening");
  manager?.ready(`listening on ${gateway.url}`);
  await stopped;
  stopReloading();
  supervisor?.end();
  if (admin) await admin.stop();
  return 0;
}

function describe({ apps, routes }: Settings, admin: { port: number } | undefined) {
  return {
    app: apps.map(({ id }) => id).join(", "),
    upstreams: apps.flatMap(({ upstreams }) =>
      upstreams.map((rule) => rule.url?.href ?? (rule.allowPrivate ? "any" : "any public")),
    ),
    ...(routes.length > 0 && { routes: routes.map(({ path }) => path) }),
    ...(admin && { admin_port: admin.port }),
  };
}
