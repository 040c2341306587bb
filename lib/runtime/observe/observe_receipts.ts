import type { Logger } from "./log.ts";
import type { ReceiptMetrics } from "./receipt_metrics.ts";
import { Reminders } from "./reminders.ts";

/** The observers of receipts. */
export interface ReceiptObservers {
  log: Logger;
  /** Absent when there is no admin listener. */
  metrics?: ReceiptMetrics | undefined;
}

/**
 * Creates the receiver of what happens to receipts. An operator is warned once a minute at most of each app whose backend does not
 * take them, and of each app that has lost some.
 *
 * @param observers the log and the metrics
 */
export function observeReceipts({ log, metrics }: ReceiptObservers) {
  const ofDropped = new Reminders();
  const ofUnsent = new Reminders();
  const lost = new Map<string, number>();
  return {
    onCollected(app: string, counts: { waiting: number; dropped: number }): void {
      metrics?.receipts(app, counts);
      const count = (lost.get(app) ?? 0) + counts.dropped;
      lost.set(app, count);
      if (count === 0 || !ofDropped.isDue(app)) return;
      log.warn({ code: "receipts_dropped", app, count }, "receipts were dropped");
      lost.set(app, 0);
    },
    onFailure(app: string, reason: string): void {
      if (!ofUnsent.isDue(app)) return;
      log.warn({ code: "receipts_unsent", app, reason }, "the backend did not take receipts");
    },
    onRemoved(app: string): void {
      metrics?.noReceipts(app);
      lost.delete(app);
    },
  };
}
