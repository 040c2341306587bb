import { describe, expect, test } from "bun:test";
import type { Usage } from "../../../../lib/gateway/model/usage.ts";
import { type Answered, data, STREAM_GENERATE } from "./answers.ts";
import { readerOf, reportOf } from "./report_of.ts";

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

describe("a stream of Gemini has a report", () => {
  const asEvents = (events: object[]): Omit<Answered, "usage"> => ({
    operation: STREAM_GENERATE,
    type: "text/event-stream",
    body: events.map(data).join(""),
  });
  const BLOCKED = { promptFeedback: { blockReason: "SAFETY" }, usageMetadata: USAGE };
  const { usageMetadata: _, ...unreported } = part();

  test.each<[string, object[], number, Usage | undefined]>([
    ["when its last part is finished", [part(), part("STOP")], 1, TOLD],
    ["not when a part comes after it", [part("STOP"), part()], 1, undefined],
    ["not when one without a usage comes", [part("STOP"), unreported], 1, undefined],
    ["when the part after it is finished too", [part("STOP"), part(), part("STOP")], 1, TOLD],
    ["when only a usage comes after it", [part("STOP"), { usageMetadata: USAGE }], 1, TOLD],
    ["when each candidate is finished", [part("STOP", 0), part("STOP", 1)], 2, TOLD],
    ["not when one goes on", [part("STOP", 0), part("STOP", 1), part(undefined, 0)], 2, undefined],
    ["not when one is missing", [part("STOP", 0)], 2, undefined],
    ["when the prompt is refused", [BLOCKED], 1, TOLD],
    ["not when an error comes", [part(), FAILURE], 1, undefined],
    ["not when an error comes after the end", [part("STOP"), FAILURE], 1, undefined],
  ])("%s", (_, events, outputs, usage) => {
    const answer = asEvents(events);
    for (const size of [1, 7, Infinity]) expect(reportOf(answer, size, outputs)).toEqual(usage);
    // Without the end of the body it is not known to be the last event.
    const reader = readerOf(answer, outputs);
    reader.read(new TextEncoder().encode(answer.body));
    expect(reader.report()).toBeUndefined();
  });
});
