import { Counter, Gauge, type Registry } from "prom-client";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import { addValue } from "./distribution.ts";
import type { ModelLabel } from "./model_labels.ts";
import { statusLabel } from "./status_label.ts";
import {
  type PlainCounter,
  type PlainHistogram,
  registerCounter,
  registerHistogram,
} from "./plain_metrics.ts";
import { createUsageMetrics } from "./usage_metrics.ts";

const SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const FAST_SECONDS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.1];

const REQUESTS = {
  name: "signway_requests_total",
  help: "Finished exchanges, including refusals and preflights.",
  labelNames: ["app", "upstream", "outcome", "status", "code"],
} as const;

const REFUSALS = {
  name: "signway_refusals_total",
  help: "Requests that the gateway refused.",
  labelNames: ["app", "code"],
} as const;

const OPEN = {
  name: "signway_open_exchanges",
  help: "Running exchanges.",
} as const;

const HEAD = {
  name: "signway_head_seconds",
  help: "Time until the response headers were ready, for forwarded exchanges.",
  labelNames: ["app", "upstream"],
} as const;

const DURATION = {
  name: "signway_duration_seconds",
  help: "Duration of forwarded exchanges.",
  labelNames: ["app", "upstream"],
} as const;

const VERIFICATION = {
  name: "signway_verification_seconds",
  help: "Time until the signature was verified, including the arrival of a signed body.",
  labelNames: ["app"],
} as const;

const VERIFICATIONS = {
  name: "signway_verifications_total",
  help: "Verified signatures, by the position of the secret in its list, from 0.",
  labelNames: ["app", "secret"],
} as const;

const BYTES = {
  name: "signway_bytes_total",
  help: "Bytes of bodies that were sent to upstreams (in) and to clients (out).",
  labelNames: ["direction", "app", "upstream"],
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
}

/**
 * Registers the metrics of exchanges, in the order of `/metrics`.
 *
 * @param registry the registry of the metrics
 * @returns the functions that update the metrics
 */
export function createExchangeMetrics(registry: Registry): ExchangeMetrics {
  const registers = [registry];
  const seriesOf = rememberSeries(registerSeries(registry));
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
  function observeRare(record: ExchangeRecord, app: string, modelOf: ModelLabel): void {
    const { rule: upstream = "", code = "", reason = "", outcome } = record;
    observeSocket(record, app);
    if (record.inputTokens !== undefined) observeUsage(record, app, modelOf(record));
    if (record.credentialRefused !== undefined) credentialRefusals.inc({ app, upstream });
    if (outcome !== "upstream_failed") return;
    upstreamErrors.inc({ app, upstream, code, reason: reason.replace(/^status \d+$/, "status") });
  }

  return {
    begin: () => void running++,
    observe(record, modelOf) {
      running--;
      // An unverified id must not become a label, or callers could create any number of labels.
      const app = record.verifyMs === undefined ? "" : (record.app ?? "");
      count(seriesOf(record, app), record);
      if (record.verifyMs !== undefined) observeRare(record, app, modelOf);
    },
  };
}

type SeriesOf = (record: ExchangeRecord, app: string) => Series;

/** Makes the series of each set of labels once. */
function rememberSeries(create: SeriesOf): SeriesOf {
  const known = new Map<string, Series>();
  return (record, app) => {
    const { outcome, code, rule, secret } = record;
    const status = statusLabel(record.status);
    const key = `${app}\n${rule}\n${outcome}\n${status}\n${code}\n${secret}`;
    const found = known.get(key);
    if (found) return found;
    const series = create(record, app);
    known.set(key, series);
    return series;
  };
}

/** The metrics that an exchange with certain labels changes. */
interface Series {
  requests: PlainCounter;
  refusals: PlainCounter | undefined;
  verified:
    | {
        verification: PlainHistogram;
        verifications: PlainCounter | undefined;
        bytesIn: PlainCounter;
        bytesOut: PlainCounter;
      }
    | undefined;
  forwarded: { head: PlainHistogram; duration: PlainHistogram } | undefined;
}

/** Registers what each exchange changes. Returns a function that makes the series for a record and those like it. */
function registerSeries(registry: Registry): SeriesOf {
  const requests = registerCounter(REQUESTS, registry);
  const refusals = registerCounter(REFUSALS, registry);
  const head = registerHistogram(HEAD, SECONDS, registry);
  const duration = registerHistogram(DURATION, SECONDS, registry);
  const verification = registerHistogram(VERIFICATION, FAST_SECONDS, registry);
  const verifications = registerCounter(VERIFICATIONS, registry);
  const bytes = registerCounter(BYTES, registry);
  return ({ outcome, status, code = "", rule, secret, verifyMs }, app) => {
    const upstream = rule ?? "";
    const isVerified = verifyMs !== undefined;
    const isForwarded = isVerified && rule !== undefined && outcome !== "refused";
    return {
      requests: requests({ app, upstream, outcome, status: statusLabel(status), code }),
      refusals: outcome === "refused" ? refusals({ app, code }) : undefined,
      verified: isVerified
        ? {
            verification: verification({ app }),
            verifications:
              secret === undefined ? undefined : verifications({ app, secret: String(secret) }),
            bytesIn: bytes({ direction: "in", app, upstream }),
            bytesOut: bytes({ direction: "out", app, upstream }),
          }
        : undefined,
      forwarded: isForwarded
        ? { head: head({ app, upstream }), duration: duration({ app, upstream }) }
        : undefined,
    };
  };
}

function count({ requests, refusals, verified, forwarded }: Series, record: ExchangeRecord): void {
  requests.value++;
  if (refusals) refusals.value++;
  if (verified) {
    addValue(verified.verification, FAST_SECONDS, record.verifyMs! / 1000);
    if (verified.verifications) verified.verifications.value++;
    verified.bytesIn.value += record.bytesIn;
    verified.bytesOut.value += record.bytesOut;
  }
  if (!forwarded) return;
  addValue(forwarded.head, SECONDS, record.headMs / 1000);
  addValue(forwarded.duration, SECONDS, record.durationMs / 1000);
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
