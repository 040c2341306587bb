import type { Logger } from "./log.ts";
import type { ReceiptMetrics } from "./receipt_metrics.ts";

/** Who is told of receipts. */
export interface ReceiptObservers {
  log: Logger;
  /** Absent when there is no admin listener. */
  metrics?: ReceiptMetrics | undefined;
}

const WARNING_MS = 60_000;

/**
 * Creates the receiver of what happens to receipts. An operator is warned once a minute at most of each app whose backend does not
 * take them, and of each app that has lost some.
 *
 * @param observers the log and the metrics
 */
export function observeReceipts({ log, metrics }: ReceiptObservers) {
  const droppedWarned = new Map<string, number>();
  const unsentWarned = new Map<string, number>();
  const lost = new Map<string, number>();
  const isDue = (warned: Map<string, number>, app: string) => {
    const now = performance.now();
    if (now - (warned.get(app) ?? -Infinity) < WARNING_MS) return false;
    warned.set(app, now);
    return true;
  };
  return {
    onCollected(app: string, counts: { waiting: number; dropped: number }): void {
      metrics?.receipts(app, counts);
      const count = (lost.get(app) ?? 0) + counts.dropped;
      lost.set(app, count);
      if (count === 0 || !isDue(droppedWarned, app)) return;
      log.warn({ code: "receipts_dropped", app, count }, "receipts were dropped");
      lost.set(app, 0);
    },
    onFailure(app: string, reason: string): void {
      if (!isDue(unsentWarned, app)) return;
      log.warn({ code: "receipts_unsent", app, reason }, "the backend did not take receipts");
    },
    onRemoved(app: string): void {
      metrics?.noReceipts(app);
      for (const kept of [droppedWarned, unsentWarned, lost]) kept.delete(app);
    },
  };
}
