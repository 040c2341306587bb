import type { ExchangeRecord, Outcome } from "../../gateway/record/exchange_record.ts";

/** The level of an exchange in the log. */
export type ExchangeLevel = "info" | "warn" | "error";

const LEVELS: Readonly<Record<Outcome, ExchangeLevel>> = {
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

/** The level of an exchange, by its outcome. */
export function levelOf({ outcome }: Pick<ExchangeRecord, "outcome">): ExchangeLevel {
  return LEVELS[outcome];
}

/** What a line has beside the record. */
export interface LineParts {
  level: ExchangeLevel;
  time: Date;
  /** Fields that every line has. */
  base: Readonly<Record<string, unknown>>;
  /** Whether the line has the number of transferred bytes. */
  bytesMonitor: boolean;
}

/**
 * Writes the line of an exchange. It is the line that pino would write, for less than half of the time.
 *
 * @param record the record of the exchange
 * @param parts what the line has beside it
 * @returns a JSON object, and a newline
 */
export function exchangeLine(
  record: Readonly<ExchangeRecord>,
  { level, time, base, bytesMonitor }: LineParts,
): string {
  const line: Record<string, unknown> = { level, time: time.toISOString(), ...base };
  for (const field in record) {
    if (!bytesMonitor && (field === "bytesIn" || field === "bytesOut")) continue;
    const name = FIELD_NAMES[field as keyof ExchangeRecord];
    if (name !== undefined) line[name] = record[field as keyof ExchangeRecord];
  }
  line["msg"] = "request";
  return `${JSON.stringify(line)}\n`;
}
