import { Channel, type Message } from "./channel.ts";
import {
  type SupervisorProcedures,
  WORKER_NUMBER,
  type WorkerProcedures,
  type WorkerStart,
} from "./protocol.ts";
import type { ServiceManager } from "./service_manager.ts";

/** A worker's connection to its supervisor, which is its service manager. */
export interface SupervisorConnection extends ServiceManager {
  /** What the supervisor has said at the start. */
  start: WorkerStart;
  /**
   * Lets the supervisor call further procedures.
   *
   * @param procedures that have not been offered before
   */
  offer: (procedures: Partial<WorkerProcedures>) => void;
  /** Ends the connection, which would keep this process alive. */
  close: () => void;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Connects a worker to its supervisor. When the supervisor ends first, the worker stops.
 *
 * @param env the environment variables, which tell whether this process is a worker
 * @returns the connection, once the supervisor has said what the worker needs for its start;
 *   `undefined` when this process is not a worker
 */
export async function connectToSupervisor(
  env: Environment,
): Promise<SupervisorConnection | undefined> {
  // Without a channel it was not a supervisor that set the variable.
  if (env[WORKER_NUMBER] === undefined || !process.send) return undefined;
  const { promise: started, resolve: start } = Promise.withResolvers<WorkerStart>();
  const local: Partial<WorkerProcedures> = { start };
  const channel = new Channel<SupervisorProcedures, WorkerProcedures>(
    (message) => process.send?.(message),
    local,
  );
  const onMessage = (message: Message) => channel.receive(message);
  // Without a supervisor no reload would reach this worker, and it would serve old settings for ever.
  const onDisconnect = () => process.kill(process.pid, "SIGTERM");
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  return {
    start: await started,
    offer: (procedures) => void Object.assign(local, procedures),
    ready: () => channel.notify("listening"),
    // The supervisor knows of a reload and of a stop: it has asked for them.
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
