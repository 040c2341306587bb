import pino, { type Logger } from "pino";
import type { LogLevel } from "../../config/log_level.ts";
import type { ExchangeRecord, Outcome } from "../../gateway/record/exchange_record.ts";
import type { LogQueue } from "./log_queue.ts";

export type { Logger };

/**
 * Makes the log: each line is one JSON object, with `level`, `time` and `msg`.
 *
 * @param level the lowest that is written
 * @param queue takes the lines; lines that it loses are reported in a line of their own
 * @param base fields of every line
 */
export function createLog(
  level: LogLevel,
  queue: LogQueue,
  base: Readonly<Record<string, unknown>> = {},
): Logger {
  const log = pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    queue,
  );
  queue.reportTo((lines) => log.warn({ code: "log_lines_lost", lines }, "log lines were lost"));
  return log;
}

const LEVEL_OF: Readonly<Record<Outcome, "info" | "warn" | "error">> = {
  complete: "info",
  preflight: "info",
  client_gone: "info",
  refused: "warn",
  upstream_failed: "warn",
  upstream_truncated: "warn",
  gateway_stopped: "warn",
  internal_error: "error",
};

/** The names of the record's fields in the log; `undefined`: the metrics alone have it. */
const FIELD_NAMES: Readonly<Record<keyof ExchangeRecord, string | undefined>> = {
  requestId: "request_id",
  app: "app",
  secret: "secret",
  method: "method",
  upstream: "upstream",
  rule: undefined,
  status: "status",
  code: "code",
  reason: "reason",
  upstreamRequestId: "upstream_request_id",
  bytesIn: "bytes_in",
  bytesOut: "bytes_out",
  verifyMs: "verify_ms",
  headMs: "ttfb_ms",
  durationMs: "duration_ms",
  outcome: "outcome",
};

/**
 * Writes one line for an exchange that has ended.
 *
 * @param log where to
 * @param record what was observed
 * @param bytesMonitor whether the line says how many bytes were transferred
 */
export function logExchange(
  log: Logger,
  record: Readonly<ExchangeRecord>,
  bytesMonitor: boolean,
): void {
  const level = LEVEL_OF[record.outcome];
  if (!log.isLevelEnabled(level)) return;
  const line: Record<string, unknown> = {};
  for (const field in record) {
    if (!bytesMonitor && (field === "bytesIn" || field === "bytesOut")) continue;
    const name = FIELD_NAMES[field as keyof ExchangeRecord];
    if (name !== undefined) line[name] = record[field as keyof ExchangeRecord];
  }
  log[level](line, "request");
}
