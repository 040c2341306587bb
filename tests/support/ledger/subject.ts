import type { LedgerStore } from "../../../lib/gateway/ledger/store.ts";

/** A clock that a test sets, in milliseconds since the epoch. */
export interface TestClock {
  now: number;
}

/**
 * How a store starts again. `reopen`: after a clean end. `move`: with another inode, so that it is born again and
 * keeps its counters. `forget`: with nothing. `renew`: another server has everything. `lose`: another server has what
 * was there at the last `replicate`, which is no start.
 */
export type Restart = "reopen" | "move" | "forget" | "renew" | "replicate" | "lose";

/** A store under test. */
export interface Subject {
  store: LedgerStore;
  /** Starts the store again. Its old reservations are swept or forgotten. */
  restart: (how: Restart) => void;
  /** Checks what has to hold in the store itself. Default: nothing. */
  check?: () => Promise<void>;
  /** Releases what the subject uses. */
  close: () => void;
}

/** A kind of store under test. */
export interface SubjectKind {
  name: string;
  /** The ways in which it can start again. */
  restarts: readonly Restart[];
  /** Starts an empty store. */
  start: (clock: TestClock) => Subject;
}
