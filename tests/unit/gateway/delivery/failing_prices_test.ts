import { afterAll, describe, expect, test } from "bun:test";
import type { CheckedRequest } from "../../../../lib/gateway/model/checked_request.ts";
import { respond } from "../../../support/raw_upstream.ts";
import { BOUND, costOf, readerFor } from "./counted_gateway.ts";
import { ANSWER, received, REPORTED, settledIn, Stages, USAGE, WHOLE } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const JSON_TYPE = ["Content-Type: application/json"];

describe("where a cost cannot be told, because", () => {
  const fail = () => {
    throw new Error("no price");
  };
  test.each<[string, Partial<CheckedRequest>, Record<string, unknown>, object]>([
    [
      "the prices of the reservation fail",
      { bound: { ...BOUND, costOf: fail } },
      { ...REPORTED, cost: WHOLE["cost"] },
      { costUsd: costOf(USAGE) / 1e9 },
    ],
    ["those of the record fail", { usage: { readerFor, costOf: fail } }, REPORTED, {}],
    [
      "both fail",
      { bound: { ...BOUND, costOf: fail }, usage: { readerFor, costOf: fail } },
      { ...REPORTED, cost: WHOLE["cost"] },
      {},
    ],
  ])("%s, the rest is settled and recorded", async (_, checked, expected, recorded) => {
    const answer = respond(ANSWER, { headers: JSON_TYPE });
    const { gateway } = await stages.start([answer], { checked });
    expect(await received(gateway)).toMatchObject({ body: ANSWER, isWhole: true });
    const { outcome, inputTokens, outputTokens, costUsd } = await gateway.ended();
    expect({ outcome, inputTokens, outputTokens }).toEqual({
      outcome: "complete",
      inputTokens: USAGE.input,
      outputTokens: USAGE.output,
    });
    expect(costUsd === undefined ? {} : { costUsd }).toEqual(recorded);
    expect(settledIn(gateway)).toEqual(expected);
    expect(gateway.errors.map(String)).toContain("Error: no price");
  });
});
