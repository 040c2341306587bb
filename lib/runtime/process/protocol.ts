import type { MetricsSnapshot } from "../observe/metrics.ts";

/**
 * The environment variable that makes a process a worker, together with the channel that its supervisor
 * has opened to it. Its value is the worker's number, from 1.
 */
export const WORKER_NUMBER = "SIGNWAY_WORKER";

/** What a worker is told before it starts. */
export interface WorkerStart {
  /** Which worker it is, from 1. */
  number: number;
  /** How many workers there are. */
  count: number;
  /** The port that they share. */
  port: number;
  /** Texts by path, of pipes and the like: only the supervisor could read them, and only once. */
  texts: Readonly<Record<string, string>>;
}

/** The procedures of a worker, which its supervisor calls. */
export type WorkerProcedures = {
  /** Starts the worker. */
  start: (start: WorkerStart) => void;
  /** Returns the metrics of this worker. */
  metrics: () => Promise<MetricsSnapshot>;
  /** Loads the settings again and returns whether the new ones are in force. */
  reload: () => boolean;
};

/** The procedures of a supervisor, which its workers call. */
export type SupervisorProcedures = {
  /** Called when the worker takes requests. */
  listening: () => void;
};
