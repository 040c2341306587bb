import type { NamedPolicy } from "../../gateway/model/policy.ts";
import type { ExchangeRecord } from "../../gateway/record/exchange_record.ts";

/**
 * The model of a record as a label of metrics. Upstreams and callers choose the names of models, and each label takes
 * memory for ever, so only names that the operator or the table of prices knows are labels.
 */
export type ModelLabel = (record: Pick<ExchangeRecord, "model" | "pricedAs">) => string;

/**
 * Creates the function that chooses the labels of models.
 *
 * @param policies of the operator. A model that one of them names is a label
 * @returns the function; for other models it returns the name in the table of prices, and without one `other`
 */
export function createModelLabels(policies: readonly NamedPolicy[]): ModelLabel {
  const named = new Set(policies.flatMap(({ policy }) => policy?.models ?? []));
  return ({ model, pricedAs }) => {
    if (model !== undefined && named.has(model)) return model;
    return pricedAs ?? "other";
  };
}
