import type { LogLevel } from "../../config/log_level.ts";
import type { TextsByPath } from "../../config/read_text.ts";
import type { Operation } from "../../gateway/ledger/store.ts";
import type { SyncReply, SyncRequest } from "../../gateway/ledger/revocation/revocation_store.ts";
import type { Reply } from "../../gateway/ledger/store_connection.ts";
import type { ProcessState } from "../admin/sources.ts";
import type { MetricsSnapshot } from "../observe/metrics.ts";

/**
 * The environment variable that makes a process a worker, if its supervisor has also opened a channel to it.
 * The value is the number of the worker, from 1.
 */
export const WORKER_NUMBER = "SIGNWAY_WORKER";

/** The files of settings that are in force. */
export interface SettingsFiles {
  /** Their texts. */
  texts: TextsByPath;
  /** Their state when they were read, from `stateOfFiles`. */
  state: string;
  /** The setting `drain`, in seconds. */
  drain: number;
  /** The setting `log_level`. */
  logLevel: LogLevel;
}

/** The information that a worker gets from its supervisor before it starts. */
export interface WorkerStart {
  /** The number of the worker, from 1. */
  number: number;
  /** The number of all workers. */
  count: number;
  /** The port that the workers share. */
  port: number;
  /** The texts of pipes and similar files. Only the supervisor could read them. */
  texts: TextsByPath;
  /** The files that the supervisor started with. Absent: it is older than this program, and the worker reads them. */
  initial?: SettingsFiles;
  /** The files of the settings that other workers have in force. Absent: the same. Those on the disk may have a mistake. */
  latest?: SettingsFiles;
  /** Whether the supervisor has the ledger. Then a worker without a supervisor ends at once. Default: no. */
  hasLedger?: boolean;
}

/** The procedures of a worker, which its supervisor calls. */
export type WorkerProcedures = {
  /** Starts the worker. */
  start: (start: WorkerStart) => void;
  /** Returns the metrics of this worker. */
  metrics: () => Promise<MetricsSnapshot>;
  /** Describes this worker for the admin API. */
  state: () => ProcessState;
  /** Reports what was counted so far, before it returns. */
  report: () => void;
  /** Ends the exchanges with an id, and returns how many there were. */
  endExchange: (requestId: string) => number;
  /** Reloads the settings and returns whether the new settings are in force. */
  reload: () => boolean;
};

/** The procedures of a supervisor, which its workers call. */
export type SupervisorProcedures = {
  /** Reports that the worker accepts requests. */
  listening: () => void;
  /** Reports that settings which were read again are in force. */
  loaded: (files: SettingsFiles) => void;
  /** Reports what exchanges did that have ended: `ActivitySums` as JSON, because a text takes half the time of an object. */
  counted: (sums: string) => void;
  /** Takes the metrics of a worker that is about to end. */
  metrics: (snapshot: MetricsSnapshot) => void;
  /** Executes operations of the ledger in their order, and returns a reply to each of them. */
  ledger: (operations: readonly Operation[]) => Promise<Reply[]>;
  /** Adds revocations, and returns what has changed; `null` when the store cannot be reached. */
  revocations: (request: SyncRequest) => Promise<SyncReply | null>;
};
