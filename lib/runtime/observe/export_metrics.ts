import { Counter, type Registry } from "prom-client";
import type { Signal, SignalCounts } from "./otlp/export_report.ts";

/** The metrics of the export by OTLP. */
export interface ExportMetrics {
  /**
   * Shows what is exported. Without it there are no such metrics.
   *
   * @param counts the numbers so far, which change
   */
  watchTelemetry: (counts: Readonly<Record<Signal, SignalCounts>>) => void;
}

const EXPORTS = {
  name: "signway_otlp_exports_total",
  help: "Exports by OTLP, by whether the collector took them.",
  labelNames: ["signal", "result"],
} as const;

const DROPPED = {
  name: "signway_otlp_dropped_total",
  help: "Traces of exchanges, and exports of metrics, that were lost.",
  labelNames: ["signal"],
} as const;

/**
 * Creates the metrics of the export by OTLP.
 *
 * @param registry the registry of the metrics
 */
export function createExportMetrics(registry: Registry): ExportMetrics {
  return {
    watchTelemetry(counts) {
      const all = Object.entries(counts);
      const exports: Counter = new Counter({
        ...EXPORTS,
        registers: [registry],
        collect() {
          exports.reset();
          for (const [signal, { accepted, failed }] of all) {
            exports.inc({ signal, result: "accepted" }, accepted);
            exports.inc({ signal, result: "failed" }, failed);
          }
        },
      });
      const dropped: Counter = new Counter({
        ...DROPPED,
        registers: [registry],
        collect() {
          dropped.reset();
          for (const [signal, count] of all) dropped.inc({ signal }, count.dropped);
        },
      });
    },
  };
}
