import type { Logger } from "../observe/log.ts";
import type { ServiceManager } from "./service_manager.ts";
import { EXIT_CODES, onStopSignal } from "./stop_signals.ts";

/** The part of a running gateway that is needed to stop it. */
export interface StoppableGateway {
  /** The settings in force. Running exchanges may continue for `drain` seconds. */
  settings: () => { drain: number };
  /** Refuses new requests and resolves when all running exchanges have ended or were cut. */
  stop: (seconds: number) => Promise<void>;
}

/** Options of {@link runUntilSignal}. */
export interface RunOptions {
  /** The log, which gets a line at the start and at the end of the stop. */
  log: Logger;
  /** The service manager, which is notified once of the stop. */
  manager: ServiceManager;
  /** Whether this process has a supervisor. */
  isWorker: boolean;
}

/**
 * Runs until SIGTERM or SIGINT, then stops the gateway. A second signal ends the process at once. A worker
 * ignores it, because it gets a signal to the process group twice: directly and from its supervisor.
 *
 * @param gateway the gateway to stop
 * @param options the log, the service manager and whether this is a worker
 * @returns resolves once the gateway has stopped
 */
export function runUntilSignal(
  gateway: StoppableGateway,
  { log, manager, isWorker }: RunOptions,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isStopping = false;
  onStopSignal(async (signal) => {
    if (isStopping && isWorker) return;
    if (isStopping) process.exit(EXIT_CODES[signal]);
    isStopping = true;
    const { drain } = gateway.settings();
    log.info({ signal, drain_s: drain }, "stopping");
    manager.stopping(drain);
    await gateway.stop(drain);
    log.info("stopped");
    resolve();
  });
  return promise;
}
