import { describe, expect, test } from "bun:test";
import { type Answered, CHAT, GENERATE, MESSAGES, named, operationOf } from "./answers.ts";
import { reportOf } from "./report_of.ts";

const CONVERSE = operationOf("bedrock", "/model/{model}/converse");

const as = (operation: Answered["operation"], value: object): Omit<Answered, "usage"> => ({
  operation,
  type: "application/json",
  body: JSON.stringify(value),
});
const ofMessages = (usage: object) =>
  as(MESSAGES, { usage: { input_tokens: 1, output_tokens: 1, ...usage } });
const ofConverse = (usage: object) =>
  as(CONVERSE, { usage: { inputTokens: 1, outputTokens: 1, ...usage } });
const ofChat = (usage: object) =>
  as(CHAT, { usage: { prompt_tokens: 9, completion_tokens: 9, ...usage } });
const ofGemini = (usage: object) =>
  as(GENERATE, { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 9, ...usage } });

const CREATION = { ephemeral_5m_input_tokens: 3, ephemeral_1h_input_tokens: 4 };

describe("a report tells which tokens have another price:", () => {
  test.each<[string, Omit<Answered, "usage">, object]>([
    [
      "a cache of Anthropic for an hour",
      ofMessages({ cache_creation_input_tokens: 7, cache_creation: CREATION }),
      { cacheWrite: 7, longCacheWrite: 4 },
    ],
    [
      "in a stream",
      {
        operation: MESSAGES,
        type: "text/event-stream",
        body: [
          named({
            type: "message_start",
            ...{
              message: { usage: { input_tokens: 1, output_tokens: 1, cache_creation: CREATION } },
            },
          }),
          named({ type: "message_delta", ...{ usage: { output_tokens: 1 } } }),
          named({ type: "message_stop" }),
        ].join(""),
      },
      { longCacheWrite: 4 },
    ],
    [
      "a cache of Bedrock for an hour",
      ofConverse({
        cacheWriteInputTokens: 7,
        cacheDetails: [
          { ttl: "1h", inputTokens: 4 },
          { ttl: "5m", inputTokens: 3 },
        ],
      }),
      { cacheWrite: 7, longCacheWrite: 4 },
    ],
    [
      "audio in chat",
      ofChat({
        prompt_tokens_details: { audio_tokens: 5 },
        completion_tokens_details: { audio_tokens: 6 },
      }),
      { audioInput: 5, audioOutput: 6 },
    ],
    [
      "audio in Gemini",
      ofGemini({
        promptTokensDetails: [
          { modality: "TEXT", tokenCount: 4 },
          { modality: "AUDIO", tokenCount: 5 },
        ],
        candidatesTokensDetails: [{ modality: "AUDIO", tokenCount: 9 }],
      }),
      { audioInput: 5, audioOutput: 9 },
    ],
  ])("%s", (_, answer, expected) => expect(reportOf(answer)).toMatchObject(expected));

  test.each<[string, Omit<Answered, "usage">]>([
    ["no list", ofGemini({ promptTokensDetails: null })],
    ["a list of nothing", ofGemini({ promptTokensDetails: [{ modality: "AUDIO" }, null] })],
    ["no details", ofChat({ prompt_tokens_details: null })],
    ["a cache for five minutes", ofMessages({ cache_creation: { ephemeral_1h_input_tokens: 0 } })],
  ])("or that there are none: %s", (_, answer) => {
    const report = reportOf(answer);
    expect(report).toBeDefined();
    for (const name of ["audioInput", "audioOutput", "longCacheWrite"]) {
      expect(report).not.toHaveProperty(name);
    }
  });

  test.each<[string, Omit<Answered, "usage">]>([
    ["a text", ofGemini({ promptTokensDetails: "AUDIO" })],
    ["a wrong number", ofGemini({ promptTokensDetails: [{ modality: "AUDIO", tokenCount: -1 }] })],
    ["a wrong member", ofChat({ prompt_tokens_details: { audio_tokens: "5" } })],
  ])("or there is no report: %s", (_, answer) => expect(reportOf(answer)).toBeUndefined());
});
