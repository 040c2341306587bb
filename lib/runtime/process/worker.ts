import type { Metrics } from "../observe/metrics.ts";
import type { ServiceManager } from "./service_manager.ts";
import { WORKER, type WorkerMessage } from "./supervise.ts";

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
  const text = env[WORKER];
  return text === undefined ? undefined : Number(text);
}

/**
 * Connects a worker to its supervisor. When the supervisor ends first, the worker stops.
 *
 * @param metrics the metrics of this worker; absent when there is no admin listener
 */
export function connectToSupervisor(metrics: Metrics | undefined): SupervisorConnection {
  const send = (message: WorkerMessage) => process.send?.(message);
  const onMessage = async (message: WorkerMessage) => {
    if (message.kind !== "metrics?" || !metrics) return;
    send({ kind: "metrics", id: message.id, metrics: await metrics.snapshot() });
  };
  // Without a supervisor no reload would reach this worker, and it would serve old settings for ever.
  const onDisconnect = () => process.kill(process.pid, "SIGTERM");
  process.on("message", onMessage);
  process.on("disconnect", onDisconnect);
  return {
    ready: () => send({ kind: "listening" }),
    // The supervisor knows of a reload and of a stop: it has asked for them.
    reloading: () => {},
    reloaded: (isLoaded) => send({ kind: "reloaded", isLoaded }),
    stopping: () => {},
    close() {
      process.off("message", onMessage);
      process.off("disconnect", onDisconnect);
      if (process.connected) process.disconnect?.();
    },
  };
}
