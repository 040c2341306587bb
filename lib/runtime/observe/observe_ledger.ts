import type { LedgerEvents } from "../../gateway/ledger/ledger.ts";
import type { LedgerMetrics } from "./ledger_metrics.ts";
import type { Logger } from "./log.ts";

/** The observers of the ledger. */
export interface LedgerObservers {
  log: Logger;
  /** Counts the events; absent when there is no admin listener. */
  metrics?: LedgerMetrics | undefined;
}

/**
 * Creates the receiver of what the ledger reports: each event is counted, and logged where an operator has to know.
 *
 * @param observers the log and the metrics
 */
export function observeLedger({ log, metrics }: LedgerObservers): LedgerEvents {
  const counted = metrics?.ledgerEvents;
  return {
    onOverrun(excess) {
      counted?.onOverrun(excess);
      log.warn(
        { code: "ledger_overrun", excess },
        "an exchange used more than was reserved for it",
      );
    },
    onUnknown: () => counted?.onUnknown(),
    onSwept(count) {
      counted?.onSwept(count);
      log.warn(
        { code: "ledger_swept", count },
        "reservations of a process that is gone were charged",
      );
    },
    onLost(count) {
      counted?.onLost(count);
      log.warn({ code: "ledger_unavailable", count }, "exchanges end, because the ledger is lost");
    },
  };
}
