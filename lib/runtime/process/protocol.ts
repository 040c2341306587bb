import type { MetricsSnapshot } from "../observe/metrics.ts";

/** The environment variable that makes a process a worker. Its value is the worker's number, from 1. */
export const WORKER_NUMBER = "SIGNWAY_WORKER";

/** The procedures of a worker, which its supervisor calls. */
export type WorkerProcedures = {
  /** Returns the metrics of this worker. */
  metrics: () => Promise<MetricsSnapshot>;
};

/** The procedures of a supervisor, which its workers call. */
export type SupervisorProcedures = {
  /** Called when the worker takes requests. */
  listening: () => void;
  /** Called when the worker has handled SIGHUP, with whether the new settings are in force. */
  reloaded: (isLoaded: boolean) => void;
};
