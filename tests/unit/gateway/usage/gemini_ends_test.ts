import { describe, expect, test } from "bun:test";
import type { Usage } from "../../../../lib/gateway/model/usage.ts";
import { type Answered, STREAM_GENERATE } from "./answers.ts";
import { reportOf } from "./report_of.ts";

const USAGE = { promptTokenCount: 30, candidatesTokenCount: 4, totalTokenCount: 34 };
const part = (finishReason?: string, index?: number) => ({
  candidates: [
    {
      content: { parts: [{ text: "Hi" }], role: "model" },
      ...(finishReason !== undefined && { finishReason }),
      ...(index !== undefined && { index }),
    },
  ],
  usageMetadata: USAGE,
});
const FAILURE = {
  error: { code: 503, message: "The model is overloaded.", status: "UNAVAILABLE" },
};
const LONG_FAILURE = { error: { code: 503, message: "x".repeat(70_000) } };
const TOLD = { input: 30, output: 4 };

const asList = (...elements: object[]): Omit<Answered, "usage"> => ({
  operation: STREAM_GENERATE,
  type: "application/json",
  body: JSON.stringify(elements),
});

describe("a list of Gemini has a report", () => {
  test.each<[string, object[], Usage | undefined]>([
    ["when it is whole", [part(), part("STOP")], TOLD],
    ["not when it ends in an error", [part(), FAILURE], undefined],
    ["not when it ends in a long error", [part(), LONG_FAILURE], undefined],
    ["not when an error stands in it", [part(), FAILURE, part("STOP")], undefined],
    ["not when an error stands in the last part", [part(), { ...part(), ...FAILURE }], undefined],
    ["when a text has the word", [{ ...part("STOP"), responseId: "error" }], TOLD],
    ["when a deeper member has the name", [{ ...part("STOP"), promptFeedback: FAILURE }], TOLD],
  ])("%s", (_, elements, usage) => {
    for (const size of [1, 7, Infinity]) expect(reportOf(asList(...elements), size)).toEqual(usage);
  });
});
