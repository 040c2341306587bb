import pino, { type DestinationStream, type Logger } from "pino";
import type { ExchangeRecord, Outcome } from "../../gateway/record/exchange.ts";

export type { Logger };

/** The levels that `--log-level` knows, from the most to the fewest lines. */
export const LOG_LEVELS = ["debug", "info", "warn", "error", "silent"] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * Makes the log: one JSON object a line, with `level`, `time` and `msg`.
 *
 * @param level the lowest that is written
 * @param base fields of every line
 * @param destination where lines go; default: stdout, written as they come and flushed at the exit
 */
export function createLog(
  level: LogLevel,
  base: Readonly<Record<string, unknown>> = {},
  destination: DestinationStream = pino.destination({ dest: 1, sync: false }),
): Logger {
  return pino(
    {
      level,
      base,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
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

/**
 * Writes one line for an exchange that has ended.
 *
 * @param log where to
 * @param record what was observed
 * @param bytesMonitor whether the line says how many bytes were transferred
 */
export function logExchange(log: Logger, record: ExchangeRecord, bytesMonitor: boolean): void {
  const level = LEVEL_OF[record.outcome];
  if (!log.isLevelEnabled(level)) return;
  const { bytes_in, bytes_out, ...rest } = record;
  log[level](bytesMonitor ? record : rest, "request");
}
