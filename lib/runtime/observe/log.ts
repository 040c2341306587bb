import pino, { type Logger as PinoLogger } from "pino";
import type { LogFormat } from "../../config/log_format.ts";
import type { LogLevel } from "../../config/log_level.ts";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";
import { exchangeLine, levelOf } from "./exchange_line.ts";
import type { LogQueue } from "./log_queue.ts";
import { createTextClock } from "./text_clock.ts";
import { textLines } from "./text_lines.ts";

/** The log of a process. */
export interface Logger extends PinoLogger {
  /**
   * Logs an exchange in one line, at its end.
   *
   * @param record the record of the exchange
   * @param bytesMonitor whether the line has the number of transferred bytes
   */
  exchange: (record: Readonly<ExchangeRecord>, bytesMonitor: boolean) => void;
}

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
  const textOfNow = createTextClock();
  return Object.assign(log, {
    exchange(record: Readonly<ExchangeRecord>, bytesMonitor: boolean) {
      const level = levelOf(record);
      if (!log.isLevelEnabled(level)) return;
      sink.write(exchangeLine(record, { level, time: textOfNow(), base, bytesMonitor }));
    },
  });
}

/** Creates a log that writes nothing. */
export function silentLog(): Logger {
  return Object.assign(pino({ level: "silent" }), { exchange: () => {} });
}
