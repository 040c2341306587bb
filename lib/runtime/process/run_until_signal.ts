import type { Logger } from "../observe/log.ts";
import type { ServiceManager } from "./service_manager.ts";
import { EXIT_CODES, onStopSignal } from "./stop_signals.ts";

/** The part of a running gateway that a stop needs. */
export interface StoppableGateway {
  /** The settings in force: running exchanges get `drain` seconds to end. */
  settings: () => { drain: number };
  /** Refuses new requests and resolves when running exchanges have ended or been cut. */
  stop: (seconds: number) => Promise<void>;
}

/** Options of {@link runUntilSignal}. */
export interface RunOptions {
  /** Gets a line when the stop begins and one when it is over. */
  log: Logger;
  /** Told once that the stop has begun. */
  manager: ServiceManager;
  /** Whether this process has a supervisor. */
  isWorker: boolean;
}

/**
 * Runs until SIGTERM or SIGINT, then stops the gateway. A second signal ends the process at once, but
 * not a worker: when a signal goes to the whole process group, a worker gets it twice, directly and from
 * its supervisor.
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
