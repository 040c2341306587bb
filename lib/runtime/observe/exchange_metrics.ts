import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const FAST_SECONDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1];

const REQUESTS = {
  name: "signway_requests_total",
  help: "Exchanges that have ended.",
  labelNames: ["outcome", "status", "code"],
} as const;

const OPEN = {
  name: "signway_open_exchanges",
  help: "Exchanges under way.",
} as const;

const HEAD = {
  name: "signway_head_seconds",
  help: "Until the head of the response was ready.",
  buckets: SECONDS,
};

const DURATION = {
  name: "signway_duration_seconds",
  help: "Until the end of the exchange.",
  buckets: SECONDS,
};

const VERIFICATION = {
  name: "signway_verification_seconds",
  help: "Until the signature was verified, a signed body's arrival included.",
  buckets: FAST_SECONDS,
};

const BYTES = {
  name: "signway_bytes_total",
  help: "Bytes of bodies, to the upstream (in) and to the client (out).",
  labelNames: ["direction", "app"],
} as const;

const UPSTREAM_ERRORS = {
  name: "signway_upstream_errors_total",
  help: "Exchanges that an upstream did not serve.",
  labelNames: ["code", "reason"],
} as const;

/** Counts exchanges. */
export interface ExchangeMetrics {
  /** Counts an exchange that begins. */
  begin: () => void;
  /**
   * Counts an exchange that has ended.
   *
   * @param record the record of that exchange
   */
  observe: (record: ExchangeRecord) => void;
}

/**
 * Registers the metrics of exchanges, in the order in which they are served.
 *
 * @param registry the registry that gets them
 */
export function createExchangeMetrics(registry: Registry): ExchangeMetrics {
  const registers = [registry];
  const requests = new Counter({ ...REQUESTS, registers });
  const open = new Gauge({ ...OPEN, registers });
  const head = new Histogram({ ...HEAD, registers });
  const duration = new Histogram({ ...DURATION, registers });
  const verification = new Histogram({ ...VERIFICATION, registers });
  const bytes = new Counter({ ...BYTES, registers });
  const upstreamErrors = new Counter({ ...UPSTREAM_ERRORS, registers });

  return {
    begin: () => open.inc(),
    observe(record) {
      const { outcome, status, code = "", app = "", reason = "" } = record;
      open.dec();
      requests.inc({ outcome, status: String(status), code });
      head.observe(record.headMs / 1000);
      duration.observe(record.durationMs / 1000);
      // An app that is not verified must not become a label: any caller could add labels without end.
      if (record.verifyMs === undefined) return;
      verification.observe(record.verifyMs / 1000);
      bytes.inc({ direction: "in", app }, record.bytesIn);
      bytes.inc({ direction: "out", app }, record.bytesOut);
      if (outcome === "upstream_failed") upstreamErrors.inc({ code, reason });
    },
  };
}
