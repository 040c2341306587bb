import type { ExchangeRecord } from "../../../gateway/record/exchange_record.ts";
import { NANO_DOLLARS } from "../../../signing/verify.ts";

/** The usage of an app, an end user or a model in a time. */
export interface Usage {
  requests: number;
  /** Requests that were refused, or that an upstream or the gateway failed; responses of an upstream with 5xx count. */
  errors: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number;
  bytes: number;
}

/** The names by which usage can be sorted. */
export const USAGE_KEYS = [
  "requests",
  "errors",
  "input_tokens",
  "output_tokens",
  "cost_usd",
  "bytes",
] as const;

/** No usage. */
export function noUsage(): Usage {
  return { requests: 0, errors: 0, input_tokens: 0, output_tokens: 0, cost_usd: 0, bytes: 0 };
}

/** The parts of a record that are counted. */
export type CountedRecord = Pick<
  ExchangeRecord,
  | "app"
  | "subject"
  | "model"
  | "method"
  | "upstream"
  | "requestId"
  | "code"
  | "reason"
  | "status"
  | "outcome"
  | "verifyMs"
  | "rule"
  | "headMs"
  | "inputTokens"
  | "outputTokens"
  | "costUsd"
  | "bytesIn"
  | "bytesOut"
>;

/** The code under which responses of an upstream with 5xx are listed: they are no problem of the gateway. */
export const UPSTREAM_STATUS = "upstream_status";

/** Whether an exchange failed. A client that left, or got a whole response below 500, has not. */
export function isError({ outcome, status }: Pick<CountedRecord, "outcome" | "status">): boolean {
  if (outcome === "complete") return status >= 500;
  return outcome !== "preflight" && outcome !== "client_gone";
}

/**
 * Adds what one exchange used to other usage.
 *
 * @param usage changed
 * @param record of the exchange
 */
export function addExchange(usage: Usage, record: CountedRecord): void {
  usage.requests += 1;
  if (isError(record)) usage.errors += 1;
  usage.input_tokens += record.inputTokens ?? 0;
  usage.output_tokens += record.outputTokens ?? 0;
  if (record.costUsd !== undefined) addCost(usage, record.costUsd);
  usage.bytes += record.bytesIn + record.bytesOut;
}

/**
 * Adds usage to other usage.
 *
 * @param usage changed
 * @param more what is added
 */
export function addUsage(usage: Usage, more: Readonly<Usage>): void {
  usage.requests += more.requests;
  usage.errors += more.errors;
  usage.input_tokens += more.input_tokens;
  usage.output_tokens += more.output_tokens;
  if (more.cost_usd !== 0) addCost(usage, more.cost_usd);
  usage.bytes += more.bytes;
}

/** Costs are whole nano-dollars. A sum of binary fractions would drift from them: 0.1 + 0.2 is more than 0.3. */
function addCost(usage: Usage, dollars: number): void {
  usage.cost_usd = Math.round((usage.cost_usd + dollars) * NANO_DOLLARS) / NANO_DOLLARS;
}
