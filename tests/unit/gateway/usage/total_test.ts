import { describe, expect, test } from "bun:test";
import { type Answered, CHAT, chunk, RESPONSES, STREAM_GENERATE } from "./answers.ts";
import { reportOf } from "./report_of.ts";

const as = (operation: Answered["operation"], value: object): Omit<Answered, "usage"> => ({
  operation,
  type: "application/json",
  body: JSON.stringify(value),
});
const details = (reasoning: number) => ({
  completion_tokens_details: { reasoning_tokens: reasoning },
});
const ofGemini = (usageMetadata: object) => as(STREAM_GENERATE, { usageMetadata });
const ofResponses = (usage: object) => as(RESPONSES, { usage: { input_tokens: 32, ...usage } });
const ofChat = (usage: object) => as(CHAT, { usage: { prompt_tokens: 32, ...usage } });
const ofEvents = (usage: object): Omit<Answered, "usage"> => ({
  operation: CHAT,
  type: "text/event-stream",
  body: `${chunk([], { prompt_tokens: 32, ...usage })}data: [DONE]\n\n`,
});

describe("the output is what the total has beside the input, if that is more", () => {
  test.each<[string, Omit<Answered, "usage">, number | undefined]>([
    // As xAI reports it.
    [
      "chat without reasoning",
      ofChat({ completion_tokens: 9, total_tokens: 241, ...details(200) }),
      209,
    ],
    [
      "chat with reasoning",
      ofChat({ completion_tokens: 209, total_tokens: 241, ...details(200) }),
      209,
    ],
    ["a total that is too low", ofChat({ completion_tokens: 9, total_tokens: 20 }), 9],
    ["a total of null", ofChat({ completion_tokens: 9, total_tokens: null }), 9],
    ["no total", ofChat({ completion_tokens: 9 }), 9],
    ["a total that is no number", ofChat({ completion_tokens: 9, total_tokens: "50" }), undefined],
    ["a negative total", ofChat({ completion_tokens: 9, total_tokens: -1 }), undefined],
    ["responses", ofResponses({ output_tokens: 9, total_tokens: 60 }), 28],
    ["an event", ofEvents({ completion_tokens: 9, total_tokens: 241 }), 209],
    [
      "Gemini",
      ofGemini({ promptTokenCount: 30, candidatesTokenCount: 4, totalTokenCount: 50 }),
      20,
    ],
    [
      "Gemini with thoughts",
      ofGemini({
        promptTokenCount: 20,
        toolUsePromptTokenCount: 10,
        candidatesTokenCount: 4,
        thoughtsTokenCount: 16,
        totalTokenCount: 50,
      }),
      20,
    ],
  ])("%s", (_, answer, output) => expect(reportOf(answer)?.output).toBe(output));
});
