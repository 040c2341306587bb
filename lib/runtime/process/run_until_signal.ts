import type { Logger } from "../observe/log.ts";
import type { RunningGateway } from "../listen.ts";

/** What a process exits with that a signal has ended at once. */
export const EXIT_CODE = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Runs until SIGTERM or SIGINT, then lets running exchanges end. A second signal ends the process at
 * once; a worker leaves that to its supervisor, from which it hears of the first one twice when the
 * signal went to the whole group.
 *
 * @param gateway what listens
 * @param log told of the stop
 * @param drain seconds that running exchanges get
 * @param isWorker whether there is a supervisor
 * @param onStop called once, with the seconds that running exchanges get
 */
export function runUntilSignal(
  gateway: RunningGateway,
  log: Logger,
  drain: () => number,
  isWorker: boolean,
  onStop: (seconds: number) => void = () => {},
): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const onSignal = async (signal: "SIGINT" | "SIGTERM") => {
      if (stopping && isWorker) return;
      if (stopping) process.exit(EXIT_CODE[signal]);
      stopping = true;
      const seconds = drain();
      log.info({ signal, drain_s: seconds }, "stopping");
      onStop(seconds);
      await gateway.stop(seconds);
      log.info("stopped");
      resolve();
    };
    process.on("SIGINT", onSignal);
    process.on("SIGTERM", onSignal);
  });
}
