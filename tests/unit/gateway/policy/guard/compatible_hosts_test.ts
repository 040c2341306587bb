import { describe, expect, test } from "bun:test";
import { applyTo, type CountedRequest } from "../counted.ts";
import { guarded, refusal } from "./guarded.ts";

const DEEPSEEK = "https://api.deepseek.com/chat/completions";
const MISTRAL = "https://api.mistral.ai/v1/chat/completions";
const GROQ = "https://api.groq.com/openai/v1/chat/completions";
const MINIMAL = { model: "known", messages: [{ role: "user", content: "Hi" }] };

const bodyAt = (path: string, members: object, more = {}) => {
  const request = { provider: "openai" as const, path, body: { ...MINIMAL, ...members } };
  const { body, edits } = guarded(request, { maxOutputTokens: 800, ...more });
  return { body: JSON.parse(JSON.stringify(body)), edits };
};

describe("servers that read max_tokens alone get it,", () => {
  test.each<[object, object, number | undefined]>([
    [{}, { max_tokens: 800 }, 800],
    [{ max_tokens: null }, { max_tokens: 800 }, 800],
    [{ max_tokens: 5000 }, { max_tokens: 800 }, 800],
    [{ max_tokens: 5 }, { max_tokens: 5 }, undefined],
    [{ max_completion_tokens: 5 }, { max_completion_tokens: 5, max_tokens: 5 }, 5],
    [{ max_completion_tokens: 900 }, { max_completion_tokens: 800, max_tokens: 800 }, 800],
    [
      { max_completion_tokens: 1, max_tokens: 900 },
      { max_completion_tokens: 1, max_tokens: 800 },
      800,
    ],
  ])("%j", (members, caps, told) => {
    for (const path of [DEEPSEEK, MISTRAL, DEEPSEEK.replace(".com", ".com.")]) {
      const { body, edits } = bodyAt(path, members);
      expect(body).toEqual({ ...MINIMAL, ...caps });
      expect(edits).toEqual(told === undefined ? [] : [`max_output_tokens=${told}`]);
    }
  });

  test("and others as before", () => {
    for (const path of [GROQ, "https://llm.example.com/v1/chat/completions"]) {
      expect(bodyAt(path, {}).body).toEqual({ ...MINIMAL, max_completion_tokens: 800 });
    }
  });

  test("and more is refused where it is not lowered", () => {
    const rules = { maxOutputTokens: 800, refusesExcess: true };
    const body = { ...MINIMAL, max_completion_tokens: 801 };
    const error = refusal({ provider: "openai", path: DEEPSEEK, body }, rules);
    expect(error?.param).toBe("max_completion_tokens");
    expect(bodyAt(DEEPSEEK, {}, rules).body.max_tokens).toBe(800);
  });

  test.each<[object, number]>([
    [{ max_completion_tokens: 1 }, 1],
    [{ max_completion_tokens: 300 }, 200],
    [{}, 200],
    [{ max_tokens: 100 }, 100],
  ])("also where a limit lowers it: %j", async (members, expected) => {
    const request = { url: DEEPSEEK, rule: { provider: "openai" as const } };
    const { checked, sent } = await applyTo({ ...request, body: { ...MINIMAL, ...members } });
    checked.lowerCap!(Math.min(200, checked.bound!.elastic!.most));
    expect(sent().max_tokens).toBe(expected);
    expect(sent().max_completion_tokens ?? 0).toBeLessThanOrEqual(expected);
  });
});

describe("a request under a limit on cost has no field that a server refuses:", () => {
  const counted = (url: string, more: Partial<CountedRequest> = {}) =>
    applyTo({
      ...{ url, rule: { provider: "openai" } },
      body: { ...MINIMAL, stream: true, max_tokens: 9 },
      ...more,
    });

  test("Mistral", async () => {
    const { sent, checked } = await counted(MISTRAL);
    expect(sent()).toEqual({ ...MINIMAL, stream: true, max_tokens: 9 });
    expect(checked.edits).toEqual([]);
    expect(checked.usage).toBeDefined();
  });

  test("Groq, whose tiers have other names", async () => {
    expect((await counted(GROQ)).sent()).not.toHaveProperty("service_tier");
    const dear = { ...MINIMAL, service_tier: "performance", max_tokens: 9 };
    const { sent } = await counted(GROQ, { body: dear, policy: { allow: ["service_tier"] } });
    expect(sent().service_tier).toBe("on_demand");
  });

  test("DeepSeek, which knows stream_options", async () => {
    expect((await counted(DEEPSEEK)).sent()).toMatchObject({
      stream_options: { include_usage: true },
    });
  });
});
