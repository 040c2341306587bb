import { describe, expect, test } from "bun:test";
import { applyTo } from "./counted.ts";

const MESSAGES_URL = "https://api.anthropic.com/v1/messages";
const messages = [{ role: "user", content: "Hi" }];
const chat = (more: object = {}) => ({ model: "known", messages, ...more });

describe("the cost", () => {
  const usage = { input: 1000, output: 100 };
  test("is that of the bound at the highest rates", async () => {
    const { bound } = (await applyTo({ body: chat() })).checked;
    expect(bound!.cost).toEqual({ input: bound!.inputTokens * 1000, perOutputToken: 4000 });
  });

  test("is absent for a model without a price", async () => {
    const { bound, usage: reading } = (await applyTo({ body: chat({ model: "unpriced" }) }))
      .checked;
    expect(bound!.cost).toBeUndefined();
    expect(reading!.costOf(usage)).toBeUndefined();
  });

  test.each<[string, string | undefined, number | undefined]>([
    ["the same model", "known", 1_400_000],
    ["a model that is not named", undefined, 1_400_000],
    ["a dearer one", "dear", 2_800_000],
    ["one without a price of output", "embedder", 1_400_000],
    ["one without a price", "unpriced", 1_400_000],
  ])("of an answer of %s", async (_, model, cost) => {
    const { usage: reading } = (await applyTo({ body: chat() })).checked;
    expect(reading!.costOf({ ...usage, ...(model !== undefined && { model }) })).toBe(cost);
  });

  test("of an answer is that of its model, where the request names one without a price", async () => {
    const { usage: reading } = (await applyTo({ body: chat({ model: "unpriced" }) })).checked;
    expect(reading!.costOf({ ...usage, model: "known" })).toBe(1_400_000);
  });

  test("of a cheaper model's answer is that of the model that was asked for", async () => {
    const { usage: reading } = (await applyTo({ body: chat({ model: "dear" }) })).checked;
    expect(reading!.costOf({ ...usage, model: "known" })).toBe(2_800_000);
  });

  describe("of a path and a body that name two models is that of the dearer one", () => {
    const deployment = (inPath: string, inBody?: string) =>
      applyTo({
        url: `https://x.openai.azure.com/openai/deployments/${inPath}/chat/completions`,
        rule: { provider: "azure" },
        body: { messages, ...(inBody !== undefined && { model: inBody }) },
      });

    test.each<[string, string | undefined, number, number]>([
      ["known", undefined, 1_000, 4_000],
      ["known", "known", 1_000, 4_000],
      ["known", "dear", 2_000, 8_000],
      ["dear", "known", 2_000, 8_000],
      ["known", "embedder", 1_000, 4_000],
      ["known", "unpriced", 1_000, 4_000],
    ])("%s and %s", async (inPath, inBody, input, perOutputToken) => {
      const { bound, usage: reading } = (await deployment(inPath, inBody)).checked;
      expect(bound!.cost).toEqual({ input: bound!.inputTokens * input, perOutputToken });
      const cost = usage.input * input + usage.output * perOutputToken;
      expect(reading!.costOf({ ...usage, model: "known" })).toBe(cost);
    });

    test("but a path without a price has none", async () => {
      const { bound } = (await deployment("unpriced", "known")).checked;
      expect(bound!.cost).toBeUndefined();
    });
  });

  test("of a cache that the request asks for is the highest", async () => {
    const cached = [{ type: "text", text: "Hi", cache_control: { type: "ephemeral", ttl: "1h" } }];
    const body = chat({ messages: [{ role: "user", content: cached }], max_tokens: 20 });
    const policy = { allow: ["field:cache_control"] };
    const { bound, usage: reading } = (await applyTo({ url: MESSAGES_URL, body, policy })).checked;
    expect(bound!.cost!.input).toBe(bound!.inputTokens * 2000);
    expect(reading!.costOf({ input: 1000, output: 0, cacheWrite: 1000 })).toBe(2_000_000);
  });
});
