import { afterAll, describe, expect, test } from "bun:test";
import type { UsageReading } from "../../../../lib/gateway/model/checked_request.ts";
import { respond } from "../../../support/raw_upstream.ts";
import { costOf, readerFor } from "./counted_gateway.ts";
import { ANSWER, received, REPORTED, settledIn, Stages, USAGE, WHOLE } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const JSON_TYPE = ["Content-Type: application/json"];

describe("where a cost cannot be told, because", () => {
  /** Prices that fail so many times. */
  const failing = (times: number): UsageReading["costOf"] => {
    let left = times;
    return (usage) => {
      if (left-- > 0) throw new Error("no price");
      return costOf(usage);
    };
  };
  test.each<[string, number, Record<string, unknown>]>([
    ["the prices fail", Infinity, { ...REPORTED, cost: WHOLE["cost"] }],
    ["they fail for the record alone", 1, REPORTED],
  ])("%s, the rest is settled and recorded", async (_, times, expected) => {
    const answer = respond(ANSWER, { headers: JSON_TYPE });
    const checked = { usage: { readerFor, costOf: failing(times) } };
    const { gateway } = await stages.start([answer], { checked });
    expect(await received(gateway)).toMatchObject({ body: ANSWER, isWhole: true });
    const { outcome, inputTokens, outputTokens, costUsd } = await gateway.ended();
    expect({ outcome, inputTokens, outputTokens }).toEqual({
      outcome: "complete",
      inputTokens: USAGE.input,
      outputTokens: USAGE.output,
    });
    expect(costUsd).toBeUndefined();
    expect(settledIn(gateway)).toEqual(expected);
    expect(gateway.errors.map(String)).toContain("Error: no price");
  });
});
