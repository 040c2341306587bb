import { expect, test } from "bun:test";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import type { Logger } from "../../../../lib/runtime/observe/log.ts";
import { PriceWarnings } from "../../../../lib/runtime/observe/price_warnings.ts";

const RECORD: ExchangeRecord = {
  ...{ requestId: "r", app: "web", method: "POST", rule: "api.example", status: 200 },
  ...{ outcome: "complete", headMs: 1, durationMs: 2, bytesIn: 0, bytesOut: 0 },
};

test("PriceWarnings warns once of a model without a price whose answers cost something", () => {
  const logged: object[] = [];
  const log = { warn: (fields: object) => void logged.push(fields) } as unknown as Logger;
  const warnings = new PriceWarnings(log, () => 0);
  const charged = { ...RECORD, model: "gpt-new", costUsd: 0.1 };
  for (const record of [
    RECORD,
    { ...RECORD, model: "ours" },
    { ...charged, pricedAs: "gpt-new" },
    charged,
    { ...charged, model: "gpt-newer" },
    { ...charged, app: "other" },
  ]) {
    warnings.observe(record);
  }
  const warning = { code: "model_unpriced", app: "web", rule: "api.example", model: "gpt-new" };
  expect(logged).toEqual([warning, { ...warning, app: "other" }]);
});
