import type { Settings } from "../../../config/settings.ts";
import type { RunningAdmin } from "../../../runtime/admin/admin.ts";
import type { RunningGateway } from "../../../runtime/listen.ts";
import type { Metrics } from "../../../runtime/observe/metrics.ts";
import { runUntilSignal } from "../../../runtime/process/run_until_signal.ts";
import type { ServiceManager } from "../../../runtime/process/service_manager.ts";
import type { SupervisorConnection } from "../../../runtime/process/worker.ts";
import { reloadOnChange } from "../../../runtime/reload.ts";
import { describeService } from "./describe_service.ts";
import type { Start } from "./process_start.ts";

/** A process whose gateway listens. */
export interface Service extends Start {
  gateway: RunningGateway;
  metrics: Metrics | undefined;
  admin?: RunningAdmin | undefined;
  /** The service manager; for a worker, its supervisor. */
  manager: ServiceManager;
  /** The connection to the supervisor; absent unless this is a worker. */
  supervisor?: SupervisorConnection;
  /** Called when settings that were read again are in force, with the state of their files. */
  onLoaded?: (settings: Settings, state: string) => void;
}

/**
 * Reports that a gateway listens, reloads its settings when they change, and waits for a signal.
 *
 * @param service the process
 * @returns resolves once the gateway has stopped, and the supervisor of a worker has its last metrics
 */
export async function runService(service: Service): Promise<void> {
  const { load, state, hangUps, log, gateway, metrics, manager, supervisor, onLoaded } = service;
  const options = { load, state, hangUps, log, metrics, manager, onLoaded };
  const { reload, stop: stopReloading } = reloadOnChange(gateway, options);
  supervisor?.offer({ reload });
  const stopped = runUntilSignal(gateway, { log, manager, isWorker: supervisor !== undefined });
  // Logged last, because a script that waits for this line may send a signal or change a file at once.
  log.info(describeService(service), "listening");
  manager.ready(`listening on ${gateway.url}`);
  await stopped;
  stopReloading();
  if (metrics) await supervisor?.reportMetrics(await metrics.snapshot());
}
