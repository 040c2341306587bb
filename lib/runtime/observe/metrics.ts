import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import packageJson from "../../../package.json" with { type: "json" };
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const FAST_SECONDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1];

/** What the gateway counts, in the format of Prometheus. */
export interface Metrics {
  registry: Registry;
  /** An exchange begins. */
  begin: () => void;
  /** It has ended. */
  observe: (record: ExchangeRecord) => void;
}

/**
 * Makes the metrics: https://prometheus.io/docs/practices/naming/
 *
 * @param withProcess whether figures of the process are among them
 */
export function createMetrics(withProcess = true): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: "signway_requests_total",
    help: "Exchanges that have ended.",
    labelNames: ["outcome", "status", "code"],
    registers,
  });
  const open = new Gauge({
    name: "signway_open_exchanges",
    help: "Exchanges under way.",
    registers,
  });
  const head = new Histogram({
    name: "signway_head_seconds",
    help: "Until the head of the response was ready.",
    buckets: SECONDS,
    registers,
  });
  const duration = new Histogram({
    name: "signway_duration_seconds",
    help: "Until the end of the exchange.",
    buckets: SECONDS,
    registers,
  });
  const verification = new Histogram({
    name: "signway_verification_seconds",
    help: "Until the signature was verified, a signed body's arrival included.",
    buckets: FAST_SECONDS,
    registers,
  });
  const bytes = new Counter({
    name: "signway_bytes_total",
    help: "Bytes of bodies, to the upstream (in) and to the client (out).",
    labelNames: ["direction", "app"],
    registers,
  });
  const upstreamErrors = new Counter({
    name: "signway_upstream_errors_total",
    help: "Exchanges that an upstream did not serve.",
    labelNames: ["code", "reason"],
    registers,
  });
  new Gauge({
    name: "signway_build_info",
    help: "The version, as a label.",
    aggregator: "first",
    labelNames: ["version", "runtime"],
    registers,
  }).set({ version: packageJson.version, runtime: `bun ${Bun.version}` }, 1);
  if (withProcess) collectDefaultMetrics({ register: registry });

  return {
    registry,
    begin: () => open.inc(),
    observe(record) {
      const { outcome, status, code = "", app = "", reason = "" } = record;
      open.dec();
      requests.inc({ outcome, status: String(status), code });
      head.observe(record.headMs / 1000);
      duration.observe(record.durationMs / 1000);
      if (record.verifyMs === undefined) {
        // The name that an unverified request gives itself is no label.
        return;
      }
      verification.observe(record.verifyMs / 1000);
      bytes.inc({ direction: "in", app }, record.bytesIn);
      bytes.inc({ direction: "out", app }, record.bytesOut);
      if (outcome === "upstream_failed") upstreamErrors.inc({ code, reason });
    },
  };
}
