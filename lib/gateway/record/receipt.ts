import type { Exchange } from "./exchange.ts";
import type { ExchangeRecord, Outcome } from "./exchange_record.ts";
import { NANO_DOLLARS, type ReportedUsage } from "./reported_usage.ts";

/** The members of a receipt that are known when the exchange begins. None is a part of a request or a response. */
export interface ReceiptStart {
  requestId: string;
  /** The claim `sub` of the token. */
  subject?: string;
  /** The claim `jti` of the token. */
  tokenId?: string;
  /** In milliseconds since the epoch, like all times of a receipt. */
  startedAt: number;
}

/** The members of a receipt that are known when the exchange has ended. */
export interface ReceiptFacts
  extends
    ReceiptStart,
    Partial<Pick<ExchangeRecord, "bytesIn" | "bytesOut" | "code" | "status">>,
    Partial<Record<(typeof USAGE_KEYS)[number], ExchangeRecord[(typeof USAGE_KEYS)[number]]>> {
  endedAt: number;
  outcome: Outcome;
}

const USAGE_KEYS = [
  "model",
  "inputTokens",
  "outputTokens",
  "cachedTokens",
  "reasoningTokens",
  "costUsd",
] as const;

/**
 * Begins the receipt of an exchange.
 *
 * @param exchange which has been admitted
 * @param credential the subject and the id of its token
 * @param now milliseconds since the epoch
 */
export function beginReceipt(
  exchange: Exchange,
  { subject, tokenId }: { subject?: string; tokenId?: string },
  now: number,
): ReceiptStart {
  return {
    requestId: exchange.requestId,
    ...(subject !== undefined && { subject }),
    ...(tokenId !== undefined && { tokenId }),
    startedAt: Math.round(now - exchange.age),
  };
}

/**
 * Returns the text of a receipt for the ledger.
 *
 * @param start of the exchange
 * @param record of the exchange, which has ended
 * @param hasUsage whether its usage is in this receipt. Otherwise others have it
 */
export function exchangeReceipt(
  start: ReceiptStart,
  record: Readonly<ExchangeRecord>,
  hasUsage: boolean,
): string {
  const { bytesIn, bytesOut, code, status, outcome, durationMs } = record;
  const usage = hasUsage ? USAGE_KEYS.map((key) => [key, record[key]]) : [];
  const facts: ReceiptFacts = {
    ...start,
    ...Object.fromEntries(usage),
    endedAt: Math.round(start.startedAt + durationMs),
    outcome,
    status,
    ...(code !== undefined && { code }),
    bytesIn,
    bytesOut,
  };
  return JSON.stringify(facts);
}

/** The reported usage of a response. */
export interface ReportedResponse {
  /** Absent: nothing. */
  usage?: ReportedUsage | undefined;
  /** Its cost in nano-dollars. Absent: a price is not known. */
  cost?: number | undefined;
}

/**
 * Returns the text of a receipt for one response of a WebSocket.
 *
 * @param start of the response
 * @param reported what the provider reported
 * @param now milliseconds since the epoch
 */
export function responseReceipt(
  start: ReceiptStart,
  { usage, cost }: ReportedResponse,
  now: number,
): string {
  const { model, input, output, cached, reasoning } = usage ?? {};
  const facts: ReceiptFacts = {
    ...start,
    ...(model !== undefined && { model }),
    ...(usage && { inputTokens: input!, outputTokens: output! }),
    ...(cached !== undefined && { cachedTokens: cached }),
    ...(reasoning !== undefined && { reasoningTokens: reasoning }),
    ...(cost !== undefined && { costUsd: cost / NANO_DOLLARS }),
    endedAt: Math.round(now),
    outcome: usage ? "complete" : "upstream_truncated",
  };
  return JSON.stringify(facts);
}
