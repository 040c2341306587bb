import { Counter, Gauge, type Registry } from "prom-client";
import { Batch } from "../../gateway/record/batch.ts";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import { createExchangeSeries } from "./exchange_series.ts";
import type { ModelLabel } from "./model_labels.ts";
import { createUsageMetrics } from "./usage_metrics.ts";

const OPEN = {
  name: "signway_open_exchanges",
  help: "Running exchanges.",
} as const;

const MESSAGES = {
  name: "signway_websocket_messages_total",
  help: "Messages of ended WebSockets that were sent to upstreams (in) and to clients (out).",
  labelNames: ["direction", "app", "upstream"],
} as const;

const CLOSES = {
  name: "signway_websocket_closes_total",
  help: "Ended WebSockets, by the code of the close frame that the client sent or got; 1006: there was none.",
  labelNames: ["app", "upstream", "code"],
} as const;

const CREDENTIAL_REFUSALS = {
  name: "signway_credential_refusals_total",
  help: "Responses 401 and 403 of upstreams to requests with the operator's credential.",
  labelNames: ["app", "upstream"],
} as const;

const UPSTREAM_ERRORS = {
  name: "signway_upstream_errors_total",
  help: "Exchanges that failed because of an upstream.",
  labelNames: ["app", "upstream", "code", "reason"],
} as const;

// The registry of https://www.iana.org/assignments/websocket. Upstreams and clients may choose others, and each would be a label.
const CLOSE_CODES: ReadonlySet<number> = new Set([
  1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015,
]);

/** Metrics of exchanges. */
export interface ExchangeMetrics {
  /** Counts an exchange at its start. */
  begin: () => void;
  /**
   * Counts an exchange at its end.
   *
   * @param record the record of the exchange
   * @param modelOf the labels of models
   */
  observe: (record: ExchangeRecord, modelOf: ModelLabel) => void;
  /** Counts what still waits. The metrics are complete only after it. */
  countWaiting: () => void;
}

/**
 * Registers the metrics of exchanges, in the order of `/metrics`.
 *
 * @param registry the registry of the metrics
 * @returns the functions that update the metrics
 */
export function createExchangeMetrics(registry: Registry): ExchangeMetrics {
  const registers = [registry];
  const countExchange = createExchangeSeries(registry);
  let running = 0;
  new Gauge({
    ...OPEN,
    registers,
    collect() {
      this.set(running);
    },
  });
  const observeSocket = createSocketMetrics(registry);
  const observeUsage = createUsageMetrics(registry);
  const credentialRefusals = new Counter({ ...CREDENTIAL_REFUSALS, registers });
  const upstreamErrors = new Counter({ ...UPSTREAM_ERRORS, registers });
  function observeRare(record: ExchangeRecord, app: string, model: string | undefined): void {
    const { rule: upstream = "", code = "", reason = "", outcome } = record;
    observeSocket(record, app);
    if (model !== undefined) observeUsage(record, app, model);
    if (record.credentialRefused !== undefined) credentialRefusals.inc({ app, upstream });
    if (outcome !== "upstream_failed") return;
    upstreamErrors.inc({ app, upstream, code, reason: reason.replace(/^status \d+$/, "status") });
  }
  const ended = new Batch(({ record, model }: EndedExchange) => {
    // An unverified id must not become a label, or callers could create any number of labels.
    const app = record.verifyMs === undefined ? "" : (record.app ?? "");
    countExchange(record, app);
    if (record.verifyMs !== undefined) observeRare(record, app, model);
  });

  return {
    begin: () => void running++,
    observe(record, modelOf) {
      running--;
      // The labels of models are those in force now.
      const model = record.inputTokens === undefined ? undefined : modelOf(record);
      ended.add({ record, model });
    },
    countWaiting: () => ended.empty(),
  };
}

interface EndedExchange {
  record: ExchangeRecord;
  /** Its model, as a label. Absent: no usage was reported. */
  model: string | undefined;
}

function createSocketMetrics(registry: Registry): (record: ExchangeRecord, app: string) => void {
  const registers = [registry];
  const messages = new Counter({ ...MESSAGES, registers });
  const closes = new Counter({ ...CLOSES, registers });
  return ({ messagesIn = 0, messagesOut = 0, closeCode, rule: upstream = "" }, app) => {
    if (closeCode === undefined) return;
    messages.inc({ direction: "in", app, upstream }, messagesIn);
    messages.inc({ direction: "out", app, upstream }, messagesOut);
    const code = CLOSE_CODES.has(closeCode) ? String(closeCode) : "other";
    closes.inc({ app, upstream, code });
  };
}
