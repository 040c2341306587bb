import {
  AggregatorRegistry,
  Counter,
  Gauge,
  type MetricObjectWithValues,
  type MetricValue,
  Registry,
} from "prom-client";
import packageJson from "../../../package.json" with { type: "json" };
import { PRICES_DATE } from "../../gateway/usage/builtin_prices.ts";
import { type ConfigurationMetrics, createConfigurationMetrics } from "./configuration_metrics.ts";
import { createExchangeMetrics, type ExchangeMetrics } from "./exchange_metrics.ts";
import { createExportMetrics, type ExportMetrics } from "./export_metrics.ts";
import { createLedgerMetrics, type LedgerMetrics } from "./ledger_metrics.ts";
import { createReceiptMetrics, type ReceiptMetrics } from "./receipt_metrics.ts";
import { registerProcessMetrics } from "./process_metrics.ts";

/** The metrics of a process at one time, as plain values that another process can merge. */
export type MetricsSnapshot = MetricObjectWithValues<MetricValue<string>>[];

/** The metrics of this process. */
export interface Metrics
  extends ExchangeMetrics, ConfigurationMetrics, LedgerMetrics, ReceiptMetrics, ExportMetrics {
  /** Returns the metrics in the text format of Prometheus. */
  text: () => Promise<string>;
  /** Returns a copy for another process, which merges the copies with {@link mergeSnapshots}. */
  snapshot: () => Promise<MetricsSnapshot>;
}

const BUILD_INFO = {
  name: "signway_build_info",
  help: "Versions of Signway and of its runtime, as labels.",
  aggregator: "first",
  labelNames: ["version", "runtime"],
} as const;

const PRICES_TIME = {
  name: "signway_prices_timestamp_seconds",
  help: "Day of the built-in prices of models, in seconds since the epoch.",
  aggregator: "first",
} as const;

const LOST_LINES = {
  name: "signway_log_lines_lost_total",
  help: "Log lines that were lost because stdout did not accept them.",
} as const;

/**
 * Creates the metrics of this process. Their names follow https://prometheus.io/docs/practices/naming/.
 *
 * @param lostLines returns the number of log lines that were lost so far
 * @returns the functions that update and return the metrics
 */
export function createMetrics(lostLines: () => number): Metrics {
  const registry = new Registry();
  const exchanges = createExchangeMetrics(registry);
  const buildInfo = new Gauge({ ...BUILD_INFO, registers: [registry] });
  buildInfo.set({ version: packageJson.version, runtime: `bun ${Bun.version}` }, 1);
  const pricesTime = new Gauge({ ...PRICES_TIME, registers: [registry] });
  pricesTime.set(Date.parse(PRICES_DATE) / 1000);
  const configuration = createConfigurationMetrics(registry);
  const ledger = createLedgerMetrics(registry);
  const receipts = createReceiptMetrics(registry);
  registerProcessMetrics(registry);
  const lost: Counter = new Counter({
    ...LOST_LINES,
    registers: [registry],
    collect() {
      lost.reset();
      lost.inc(lostLines());
    },
  });
  return {
    ...exchanges,
    ...configuration,
    ...ledger,
    ...receipts,
    ...createExportMetrics(registry),
    async text() {
      exchanges.countWaiting();
      return registry.metrics();
    },
    async snapshot() {
      exchanges.countWaiting();
      return registry.getMetricsAsJSON();
    },
  };
}

/**
 * Merges the metrics of several processes. Most are added up; a few use the minimum, maximum or first value.
 *
 * @param snapshots the metrics of each process
 * @returns the merged metrics, in the text format of Prometheus
 */
export function mergeSnapshots(snapshots: MetricsSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(snapshots).metrics();
}
