import { Counter, type Registry } from "prom-client";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";

const TOKENS = {
  name: "signway_llm_tokens_total",
  help: "Tokens that providers of models reported: input (with cached), output (with reasoning), cached and reasoning.",
  labelNames: ["type", "app", "upstream", "model"],
} as const;

const COST = {
  name: "signway_llm_cost_dollars_total",
  help: "Cost of the reported tokens in US dollars, by the price table of the gateway.",
  labelNames: ["app", "upstream", "model"],
} as const;

/**
 * Registers the metrics of what providers of models reported.
 *
 * @param registry the registry of the metrics
 * @returns counts the usage of a record, for its app and the label of its model
 */
export function createUsageMetrics(
  registry: Registry,
): (record: ExchangeRecord, app: string, model: string) => void {
  const registers = [registry];
  const tokens = new Counter({ ...TOKENS, registers });
  const cost = new Counter({ ...COST, registers });
  return (record, app, model) => {
    const { inputTokens = 0, outputTokens = 0, rule: upstream = "", costUsd } = record;
    const { cachedTokens = 0, reasoningTokens = 0 } = record;
    const labels = { app, upstream, model };
    tokens.inc({ type: "input", ...labels }, inputTokens);
    tokens.inc({ type: "output", ...labels }, outputTokens);
    if (cachedTokens > 0) tokens.inc({ type: "cached", ...labels }, cachedTokens);
    if (reasoningTokens > 0) tokens.inc({ type: "reasoning", ...labels }, reasoningTokens);
    if (costUsd !== undefined) cost.inc(labels, costUsd);
  };
}
