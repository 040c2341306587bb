import { Counter, Gauge, type Registry } from "prom-client";

/** The metrics of receipts, as this process sees them. */
export interface ReceiptMetrics {
  /** So many receipts of an app wait, and so many more were dropped. */
  receipts: (app: string, counts: { waiting: number; dropped: number }) => void;
  /** An app has no receipts any more. */
  noReceipts: (app: string) => void;
}

/**
 * Registers the metrics of receipts.
 *
 * @param registry the registry of the metrics
 */
export function createReceiptMetrics(registry: Registry): ReceiptMetrics {
  const labels = { labelNames: ["app"], registers: [registry] };
  const waiting = new Gauge({
    name: "signway_receipts_waiting",
    help: "Receipts that wait for the backend of an app, as they were last counted.",
    aggregator: "max",
    ...labels,
  });
  const dropped = new Counter({
    name: "signway_receipts_dropped_total",
    help: "Receipts that were dropped, because too many waited or they waited for a day.",
    ...labels,
  });
  return {
    receipts(app, counts) {
      waiting.set({ app }, counts.waiting);
      dropped.inc({ app }, counts.dropped);
    },
    noReceipts: (app) => waiting.remove({ app }),
  };
}
