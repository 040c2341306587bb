import { JsonNumber, type JsonObject, type JsonValue } from "../primitives/json_value.ts";
import { type Budget, MAX_AMOUNT, parseCostBudget } from "./budget.ts";
import { parseRate, type Rate } from "./rate.ts";
import { malformed } from "./token_error.ts";

/** Limits that a ledger keeps. An absent member sets no limit. */
export interface CounterLimits {
  /** The most requests, in all. */
  uses?: number;
  /** The most requests in time. */
  rate?: Rate;
  /** The most exchanges that are open at once. */
  concurrent?: number;
  /** The most bytes of response bodies, in all. */
  bytes?: number;
  /** The most LLM tokens, of inputs and outputs together. */
  tokens?: Budget;
  /** The highest cost by the price table, in nano-dollars. */
  cost?: Budget;
}

/**
 * The charge for an exchange that ends before the API has reported its usage: all that was reserved, or what
 * the API reports when its answer is read to the end without the client.
 */
export type OnAbort = "charge" | "drain";

/** The keys of the claim `sw` that count. */
export const COUNTER_KEYS = ["uses", "rate", "concurrent", "bytes", "tokens", "cost"] as const;

/**
 * Parses the keys of the claim `sw`, or of a named policy, that count.
 *
 * @param sw the whole object; its other keys are ignored
 * @returns `undefined` when it has none of the keys
 * @throws TokenError `token_malformed` for a wrong type or form
 */
export function parseCounters(sw: JsonObject): CounterLimits | undefined {
  if (!COUNTER_KEYS.some((key) => sw[key] !== undefined)) return undefined;
  const { uses, rate, concurrent, bytes, tokens, cost } = sw;
  const limits: CounterLimits = {};
  if (uses !== undefined) limits.uses = parseAmount("uses", uses);
  if (rate !== undefined) limits.rate = parseRateKey(rate);
  if (concurrent !== undefined) limits.concurrent = parseAmount("concurrent", concurrent);
  if (bytes !== undefined) limits.bytes = parseAmount("bytes", bytes);
  if (tokens !== undefined) limits.tokens = { limit: parseAmount("tokens", tokens) };
  if (cost !== undefined) limits.cost = parseCost(cost);
  return limits;
}

function parseAmount(key: string, value: JsonValue): number {
  const isRight = Number.isSafeInteger(value) && (value as number) >= 1;
  if (isRight && (value as number) <= MAX_AMOUNT) return value as number;
  throw malformed(`sw.${key}`, "is not a whole number from 1 to 9e15");
}

function parseRateKey(value: JsonValue): Rate {
  const rate = typeof value === "string" ? parseRate(value) : undefined;
  if (rate) return rate;
  throw malformed("sw.rate", "is not a rate such as 10/s or 60/min burst 5");
}

function parseCost(value: JsonValue): Budget {
  const isNumber = typeof value === "number" || value instanceof JsonNumber;
  const cost = isNumber ? parseCostBudget(Number(value)) : undefined;
  if (cost && cost.limit > 0) return cost;
  throw malformed("sw.cost", "is not a number of dollars up to 9000000");
}
