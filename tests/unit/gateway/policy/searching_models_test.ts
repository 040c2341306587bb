import { describe, expect, test } from "bun:test";
import { applyTo, CHAT_URL, type CountedRequest, refusalOf } from "./counted.ts";

const RESPONSES_URL = "https://api.openai.com/v1/responses";
const MESSAGES_URL = "https://api.anthropic.com/v1/messages";
const messages = [{ role: "user", content: "Hi" }];

describe("a model that searches in each request is refused", () => {
  const DEPLOYMENT_URL = "https://a.openai.azure.com/openai/deployments";
  const deployment = (model: string) => `${DEPLOYMENT_URL}/${model}/chat/completions`;
  test.each<[string, boolean, CountedRequest?]>([
    ["gpt-4o-search-preview", true],
    ["gpt-4o-mini-search-preview-2025-03-11", true],
    ["gpt-5-search-api", true],
    ["gpt-5-search-api-2025-10-14", true],
    ["openai/gpt-4o-search-preview", true],
    ["meta/llama:online", true],
    ["meta/llama:ONLINE", true],
    ["openai/gpt-5-search-api:nitro", true],
    ["meta/llama:online:nitro", true],
    ["meta/llama:online ", true],
    ["meta/llama:online@preset/a", true],
    ["meta/llama:online,other", true],
    ["gpt-5-search-api", true, { url: RESPONSES_URL, body: { input: "Hi" } }],
    ["gpt-5-search-api", true, { url: deployment("gpt-5-search-api"), body: { messages } }],
    [
      "gpt-5-search-api",
      true,
      { url: deployment("gpt-5"), body: { messages, model: "gpt-5-search-api" } },
    ],
    ["meta/llama:online", true, { url: MESSAGES_URL, body: { messages, max_tokens: 9 } }],
    ["groq/compound", true],
    ["groq/compound-mini", true],
    ["compound-beta", true],
    ["compound-beta-mini", true],
    ["our-compound-beta", false],
    ["compound", false],
    ["groq/compounds", false],
    ["gpt-5-search", false],
    ["research-previews", false],
    ["my-search-apis", false],
    ["meta/online", false],
    ["meta/llama:onliner", false],
  ])("%s: %j", async (model, isRefused, { url = CHAT_URL, body = { messages } } = {}) => {
    const isInPath = url.startsWith(DEPLOYMENT_URL);
    const request = { url, body: { ...(body as object), ...(!isInPath && { model }) } };
    for (const counts of [
      { tokens: true, cost: false },
      { tokens: false, cost: true },
    ]) {
      const counted = { ...request, counts };
      if (isRefused) {
        const error = await refusalOf(counted);
        expect(error).toMatchObject({ code: "policy_violation", param: "model" });
        expect(error.detail).toContain("has no bound");
      } else expect((await applyTo(counted)).checked.bound).toBeDefined();
    }
    const counts = "nothing";
    expect((await applyTo({ ...request, counts })).checked.bound).toBeUndefined();
  });
});
