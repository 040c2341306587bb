import type { CalledModel, UsageReading } from "../model/checked_request.ts";
import type { Usage, UsageReader } from "../model/usage.ts";
import type { Operation } from "../providers/operation.ts";
import { costOfUsage } from "../usage/cost.ts";
import { FinishReasons } from "../usage/finish_reasons.ts";
import { MAX_MODEL_NAME, type PricedProvider, type PriceTable } from "../usage/prices.ts";
import type { Media } from "../usage/rates.ts";
import { createUsageReader } from "../usage/usage_reader.ts";

/** A request whose usage is read. */
export interface ReadCall {
  provider: PricedProvider;
  operation: Operation;
  /** The model that it names. Absent: it is not known. */
  model?: string | undefined;
  /** Another model that the body names beside the one in the path. */
  otherModel?: string | undefined;
  media: Media;
  /** How many answers it asks for. */
  outputs: number;
}

/** The prices of the moment of a request. */
export interface CurrentPrices {
  table: PriceTable;
  /** In milliseconds since the epoch. */
  now: number;
}

/**
 * How the usage of a request is read.
 *
 * @param call the request
 * @param prices of the moment
 * @returns `undefined` when its answer has none
 */
export function usageReading(call: ReadCall, prices: CurrentPrices): UsageReading | undefined {
  const { usage: places } = call.operation;
  if (!places) return undefined;
  return {
    readerFor(answer) {
      const reader = createUsageReader(places, answer, call.outputs);
      return reader && places.model === undefined ? withModel(reader, call.model) : reader;
    },
    costOf: (usage) => costOfCall(usage, call, prices),
    called: calledModel(call, prices),
  };
}

/** Adds the model of the request to the report of an answer that does not name it. */
function withModel(reader: UsageReader, model: string | undefined): UsageReader {
  if (model === undefined || model.length > MAX_MODEL_NAME) return reader;
  return {
    ...reader,
    report() {
      const usage = reader.report();
      return usage && { model, ...usage };
    },
  };
}

/**
 * Describes a call for metrics and telemetry.
 *
 * @param call the request
 * @param prices of the moment
 */
export function calledModel(
  {
    provider,
    model,
    operation,
  }: Pick<ReadCall, "provider" | "model"> & { operation: { task?: string } },
  { table, now }: CurrentPrices,
): CalledModel {
  return {
    provider,
    operation: operation.task ?? "chat",
    model,
    pricedAs: ({ model: name = model }) =>
      name === undefined ? undefined : table.find(provider, name, now)?.id,
    finishReader: () => new FinishReasons(),
  };
}

/**
 * The cost of what was reported. Where another model answered than the request names, or its body names another one than its path, it
 * is that of the dearest one. Those without a price, such as a new version or the name of a deployment, do not count.
 *
 * @returns nano-dollars; `undefined` when none has a price
 */
function costOfCall(
  usage: Usage,
  { provider, model, otherModel, media }: Omit<ReadCall, "operation" | "outputs">,
  { table, now }: CurrentPrices,
): number | undefined {
  const names = new Set([model, otherModel, usage.model].filter((name) => name !== undefined));
  const costs = [...names].flatMap((name) => {
    const priced = table.find(provider, name, now);
    return (priced && costOfUsage(usage, priced, media)) ?? [];
  });
  return costs.length > 0 ? Math.max(...costs) : undefined;
}
