import pino, { type Logger } from "pino";
import type { LogFormat } from "../../config/log_format.ts";
import type { LogLevel } from "../../config/log_level.ts";
import type { ExchangeRecord, Outcome } from "../../gateway/record/exchange_record.ts";
import type { LogQueue } from "./log_queue.ts";
import { textLines } from "./text_lines.ts";

export type { Logger };

/** Options of {@link createLog}. */
export interface LogOptions {
  /** Fields that every line has. Default: none. */
  base?: Readonly<Record<string, unknown>>;
  /** How the lines are written. Default: JSON. */
  format?: "json" | "text" | "colored text";
}

/**
 * Decides how the log is written.
 *
 * @param format the setting
 * @param isTerminal whether stdout is a terminal
 * @param noColor the environment variable `NO_COLOR`, which asks for no colours if it is not empty
 */
export function lineFormat(
  format: LogFormat,
  isTerminal: boolean,
  noColor: string | undefined,
): NonNullable<LogOptions["format"]> {
  if (format === "json" || (format === "auto" && !isTerminal)) return "json";
  return isTerminal && !noColor ? "colored text" : "text";
}

/**
 * Creates the log. Each line is a JSON object with at least `level`, `time` and `msg`, or a text for people.
 *
 * @param level the lowest level that is logged
 * @param queue the queue that writes the lines; the log reports lost lines in a line of its own
 * @param options how the lines are written, and what every line has
 * @returns the logger
 */
export function createLog(
  level: LogLevel,
  queue: LogQueue,
  { base = {}, format = "json" }: LogOptions = {},
): Logger {
  const sink =
    format === "json" ? queue : textLines(queue, { hasColors: format === "colored text" });
  const log = pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
  queue.reportTo((lines) => log.warn({ code: "log_lines_lost", lines }, "log lines were lost"));
  return log;
}

/** Creates a log that writes nothing. */
export function silentLog(): Logger {
  return pino({ level: "silent" });
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

/** The names of a record's fields in the log; `undefined` for a field that is not logged. */
export const FIELD_NAMES: Readonly<Record<keyof ExchangeRecord, string | undefined>> = {
  requestId: "request_id",
  app: "app",
  secret: "secret",
  tokenId: "jti",
  subject: "sub",
  method: "method",
  upstream: "upstream",
  rule: undefined,
  status: "status",
  code: "code",
  reason: "reason",
  credentialRefused: undefined,
  upstreamRequestId: "upstream_request_id",
  model: "model",
  pricedAs: undefined,
  inputTokens: "input_tokens",
  outputTokens: "output_tokens",
  cachedTokens: "cached_tokens",
  reasoningTokens: "reasoning_tokens",
  costUsd: "cost_usd",
  bytesIn: "bytes_in",
  bytesOut: "bytes_out",
  messagesIn: "messages_in",
  messagesOut: "messages_out",
  closeCode: "close_code",
  verifyMs: "verify_ms",
  headMs: "ttfb_ms",
  durationMs: "duration_ms",
  outcome: "outcome",
  trace: undefined,
};

/**
 * Logs an exchange in one line, at its end.
 *
 * @param log the log
 * @param record the record of the exchange
 * @param bytesMonitor whether the line has the number of transferred bytes
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
