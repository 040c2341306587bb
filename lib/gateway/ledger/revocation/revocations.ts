import type { Credential } from "../../model/grant.ts";
import type { Timers } from "../client/clock.ts";
import { OpenExchanges } from "./open_exchanges.ts";
import type { Revocation, RevokedCredentials } from "./revocation.ts";
import { RevocationCopy } from "./revocation_copy.ts";
import { type Changed, RevocationFeed } from "./revocation_feed.ts";
import type { RevocationStore } from "./revocation_store.ts";

/** The parts of {@link createRevocations}. */
export interface RevocationParts {
  /** Where revocations are kept. */
  store: RevocationStore;
  /** A monotonic clock and its timers. */
  timers: Timers;
  /** Returns the current time in milliseconds since the epoch. */
  now: () => number;
  /** The name of this process. Absent: it serves no requests. */
  process?: string;
}

/** The revocations as this process knows them, and the exchanges that they end. */
export interface Revocations {
  /** The exchanges of this process. */
  readonly open: OpenExchanges;
  /** Whether the store has not answered for 5 seconds. */
  readonly isStale: boolean;
  /** The revocations in force. */
  readonly inForce: readonly Revocation[];
  /** Whether a credential of an app or route is revoked. It answers at once. */
  isRevoked: (app: string, credential: Credential) => boolean;
  /**
   * Makes or lifts a revocation.
   *
   * @throws LedgerError `ledger_unavailable`, as a rejection
   */
  change: (
    revoked: RevokedCredentials,
    change: Pick<Revocation, "until" | "isLifted">,
  ) => Promise<Changed>;
  /** Begins to follow the store. Resolves when it has answered, or has not in time. */
  start: () => Promise<void>;
  stop: () => void;
}

/**
 * Creates the revocations of a process.
 *
 * @param parts the store, the clock and the name of the process
 */
export function createRevocations({ store, timers, now, process }: RevocationParts): Revocations {
  const copy = new RevocationCopy(now);
  const isRevoked = copy.isRevoked.bind(copy);
  const open = new OpenExchanges(isRevoked);
  const feed = new RevocationFeed({
    store,
    copy,
    timers,
    process,
    onChange: () => open.endRevoked(),
  });
  return {
    open,
    isRevoked,
    get isStale() {
      return feed.isStale;
    },
    get inForce() {
      return copy.inForce;
    },
    change: (revoked, change) => feed.change(revoked, change),
    start: () => feed.start(),
    stop: () => feed.stop(),
  };
}
