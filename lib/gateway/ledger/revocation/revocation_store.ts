import type { Revocation } from "./revocation.ts";

/** What a process tells the store, and asks of it. */
export interface SyncRequest {
  /** The name of the process, which serves requests. Absent: it serves none. */
  process?: string;
  /** The store's epoch that the process knows; empty: none. */
  epoch: string;
  /** The number of the last change that the process knows in this epoch. */
  since: number;
  /** Revocations to add. One with `at` 0 is new, and others count only if the store has no later one. */
  put: readonly Revocation[];
}

/** What the store answers. */
export interface SyncReply {
  /** It is another one when the store may have forgotten something. */
  epoch: string;
  /** The number of the last change of these. */
  sequence: number;
  /** The changes after `since`, the oldest first; all of them in another epoch. */
  changes: readonly Revocation[];
  /** Whether there are more of them. */
  hasMore: boolean;
  /** For each process that has asked within 5 seconds, the last change that it knew then. */
  processes: readonly number[];
}

/** Where revocations are kept: in memory, in a file, in Redis, or in another process. */
export interface RevocationStore {
  /**
   * Adds revocations, and returns what has changed.
   *
   * @param request of a process
   * @throws an error, as a rejection where it is a promise, when the store cannot be reached
   */
  sync: (request: SyncRequest) => SyncReply | Promise<SyncReply>;
}

/** The most changes of one answer, and of one request. */
export const MOST_CHANGES = 500;

/** A process that has not asked for so long, in milliseconds, has ended or does not reach the store. */
export const PROCESS_GONE_MS = 5_000;
