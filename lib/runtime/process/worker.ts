import type { Metrics } from "../observe/metrics.ts";
import { Channel, type Message } from "./channel.ts";
import { type SupervisorProcedures, WORKER_NUMBER, type WorkerProcedures } from "./protocol.ts";
import type { ServiceManager } from "./service_manager.ts";

/** A worker's connection to its supervisor, which is its service manager. */
export interface SupervisorConnection extends ServiceManager {
  /** Ends the connection, which would keep this process alive. */
  close: () => void;
}

/**
 * Reads which worker this process is.
 *
 * @param env the environment variables
 * @returns its number, from 1; `undefined` when this process is not a worker
 */
export function workerNumber(
  env: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const text = env[WORKER_NUMBER];
  return text === undefined ? undefined : Number(text);
}

/**
 * Connects a worker to its supervisor. When the supervisor ends first, the worker stops.
 *
 * @param metrics the metrics of this worker; absent when there is no admin listener
 */
export function connectToSupervisor(metrics: Metrics | undefined): SupervisorConnection {
  const channel = new Channel<SupervisorProcedures, WorkerProcedures>(
    (message) => process.send?.(message),
    metrics ? { metrics: metrics.snapshot } : {},
  );
  const onMessage = (message: Message) => channel.receive(message);
  // Without a supervisor no reload would reach this worker, and it would serve old settings for ever.
  const onDisconnect = () => process.kill(process.pid, "SIGTERM");
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  return {
    ready: () => channel.notify("listening"),
    // The supervisor knows of a reload and of a stop: it has asked for them.
    reloading: () => {},
    reloaded: (isLoaded) => channel.notify("reloaded", isLoaded),
    stopping: () => {},
    close() {
      process.off("message", onMessage);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect?.();
    },
  };
}
