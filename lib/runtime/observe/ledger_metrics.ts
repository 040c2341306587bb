import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { LedgerEvents } from "../../gateway/ledger/ledger.ts";
import type { OnOperation } from "./timed_store.ts";

/** The name of the metric that tells whether revocations may be unknown. */
export const REVOCATIONS_STALE = "signway_revocations_stale";

/** The metrics of the ledger, as this process sees it. */
export interface LedgerMetrics {
  /** Count what the ledger reports. */
  ledgerEvents: LedgerEvents;
  /** Measures the operations of the ledger's store. */
  ledgerOperation: OnOperation;
  /**
   * Shows whether this process may not know the latest revocations.
   *
   * @param isStale returns it
   */
  watchRevocations: (isStale: () => boolean) => void;
}

/**
 * Registers the metrics of the ledger.
 *
 * @param registry the registry of the metrics
 * @returns the functions that update the metrics
 */
export function createLedgerMetrics(registry: Registry): LedgerMetrics {
  const registers = [registry];
  const overruns = new Counter({
    name: "signway_ledger_overruns_total",
    help: "Exchanges that used more than was reserved for them, by counter.",
    labelNames: ["counter"],
    registers,
  });
  for (const counter of ["bytes", "tokens", "cost"]) overruns.inc({ counter }, 0);
  const unknown = new Counter({
    name: "signway_ledger_unknown_settlements_total",
    help: "Exchanges of which the ledger had forgotten the reservation, so that nothing was charged.",
    registers,
  });
  const swept = new Counter({
    name: "signway_ledger_swept_reservations_total",
    help: "Reservations of processes that are gone. They were charged in full.",
    registers,
  });
  const lost = new Counter({
    name: "signway_ledger_lost_exchanges_total",
    help: "Exchanges that had to end because the ledger could not be reached for too long.",
    registers,
  });
  return {
    ledgerOperation: createOperationMetrics(registry),
    watchRevocations(isStale) {
      const stale: Gauge = new Gauge({
        name: REVOCATIONS_STALE,
        help: "1 when the store of revocations has not answered for 5 seconds, so that some may be unknown.",
        aggregator: "max",
        collect: () => stale.set(isStale() ? 1 : 0),
        registers,
      });
    },
    ledgerEvents: {
      onOverrun: (excess) => Object.keys(excess).forEach((counter) => overruns.inc({ counter })),
      onUnknown: () => unknown.inc(),
      onSwept: (count) => swept.inc(count),
      onLost: (count) => lost.inc(count),
    },
  };
}

// A ledger in memory takes microseconds, and one in Redis milliseconds.
const SECONDS = [...[0.00001, 0.0001, 0.0005, 0.001, 0.0025, 0.005], ...[0.01, 0.05, 0.25, 1, 5]];

function createOperationMetrics(registry: Registry): OnOperation {
  const registers = [registry];
  const labelNames = ["operation"];
  const duration = new Histogram({
    name: "signway_ledger_operation_seconds",
    help: "Time until the store of the ledger answered an operation.",
    labelNames,
    buckets: SECONDS,
    registers,
  });
  const failures = new Counter({
    name: "signway_ledger_operation_failures_total",
    help: "Operations without an answer of the ledger's store.",
    labelNames,
    registers,
  });
  const series = new Map<string, { observe: (seconds: number) => void; fail: () => void }>();
  return (operation, seconds, hasFailed) => {
    let found = series.get(operation);
    if (!found) {
      const own = duration.labels(operation);
      const failing = failures.labels(operation);
      failing.inc(0);
      found = { observe: (value) => own.observe(value), fail: () => failing.inc() };
      series.set(operation, found);
    }
    found.observe(seconds);
    if (hasFailed) found.fail();
  };
}
