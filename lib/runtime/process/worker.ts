import type { Environment } from "../../config/environment.ts";
import type { Operation } from "../../gateway/ledger/store.ts";
import type { SyncReply, SyncRequest } from "../../gateway/ledger/revocation/revocation_store.ts";
import type { Reply } from "../../gateway/ledger/store_connection.ts";
import type { ActivitySums } from "../admin/activity/activity_sums.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";
import { Channel, type Message } from "./channel.ts";
import {
  type SettingsFiles,
  type SupervisorProcedures,
  WORKER_NUMBER,
  type WorkerProcedures,
  type WorkerStart,
} from "./protocol.ts";
import type { ServiceManager } from "./service_manager.ts";

/** The connection of a worker to its supervisor. The supervisor is the service manager of the worker. */
export interface SupervisorConnection extends ServiceManager {
  /** The information that the supervisor sent for the start. */
  start: WorkerStart;
  /**
   * Lets the supervisor call further procedures.
   *
   * @param procedures the procedures, which must not have been offered before
   */
  offer: (procedures: Partial<WorkerProcedures>) => void;
  /**
   * Executes operations in the supervisor's ledger, in their order.
   *
   * @returns a reply to each of them; `undefined` when the supervisor does not respond within 2 seconds
   */
  askLedger: (operations: readonly Operation[]) => Promise<Reply[] | undefined>;
  /**
   * Asks the supervisor for changes of revocations.
   *
   * @returns its answer; `null` or `undefined` when there is none within 2 seconds
   */
  askRevocations: (request: SyncRequest) => Promise<SyncReply | null | undefined>;
  /** Reports what exchanges did that have ended. */
  reportCounted: (sums: ActivitySums) => void;
  /** Reports that settings which were read again are in force. */
  reportLoaded: (files: SettingsFiles) => void;
  /** Reports the metrics at the end. Resolves when the supervisor has them, or does not respond within 2 seconds. */
  reportMetrics: (snapshot: MetricsSnapshot) => Promise<void>;
  /** Closes the connection, which would otherwise keep this process alive. */
  close: () => void;
}

/**
 * Connects a worker to its supervisor. If the supervisor ends first, the worker stops.
 *
 * @param env the environment variables; {@link WORKER_NUMBER} is set in a worker
 * @returns the connection, once the supervisor has sent the information for the start; `undefined` when this
 *   process is not a worker
 */
export async function connectToSupervisor(
  env: Environment,
): Promise<SupervisorConnection | undefined> {
  // Without a channel, the variable was not set by a supervisor.
  if (env[WORKER_NUMBER] === undefined || !process.send) return undefined;
  const { promise: started, resolve: start } = Promise.withResolvers<WorkerStart>();
  const local: Partial<WorkerProcedures> = { start };
  const channel = new Channel<SupervisorProcedures, WorkerProcedures>(
    (message) => process.send?.(message),
    local,
  );
  const onMessage = (message: Message) => channel.receive(message);
  let hasLedger = false;
  const onDisconnect = () => {
    // The next supervisor gives the places of this worker to others.
    if (hasLedger) process.exit(1);
    // Without a supervisor, no reload would reach this worker, and it would keep its old settings.
    process.kill(process.pid, "SIGTERM");
  };
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  const received = await started;
  ({ hasLedger = false } = received);
  return {
    start: received,
    askLedger: (operations) => channel.request("ledger", operations),
    askRevocations: (request) => channel.request("revocations", request),
    ...reportsOver(channel),
    offer: (procedures) => void Object.assign(local, procedures),
    ready: () => channel.notify("listening"),
    // The supervisor itself requests reloads and the stop, so it needs no notification.
    reloading: () => {},
    reloaded: () => {},
    stopping: () => {},
    close() {
      process.off("message", onMessage);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect?.();
    },
  };
}

/** What a worker reports. Its supervisor may end first. */
function reportsOver(
  channel: Channel<SupervisorProcedures, WorkerProcedures>,
): Pick<SupervisorConnection, "reportCounted" | "reportLoaded" | "reportMetrics"> {
  return {
    reportCounted(sums) {
      if (process.connected) channel.notify("counted", JSON.stringify(sums));
    },
    reportLoaded(files) {
      if (process.connected) channel.notify("loaded", files);
    },
    async reportMetrics(snapshot) {
      // A message that is not waited for could be lost with this process.
      if (process.connected) await channel.request("metrics", snapshot);
    },
  };
}
