import { describe, expect, test } from "bun:test";
import { applyTo, CHAT_URL, type CountedRequest, refusalOf } from "./counted.ts";

const RESPONSES_URL = "https://api.openai.com/v1/responses";
const EMBEDDINGS_URL = "https://api.openai.com/v1/embeddings";
const MESSAGES_URL = "https://api.anthropic.com/v1/messages";
const INVOKE_URL = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.known/invoke";
const GOOGLE_URL = "https://generativelanguage.googleapis.com/v1beta/models/known";

const messages = [{ role: "user", content: "Hi" }];
const chat = (more: object = {}) => ({ model: "known", messages, ...more });
const contents = [{ role: "user", parts: [{ text: "Hi" }] }];
const IMAGE = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
const PHOTO = { inlineData: { mimeType: "image/png", data: "AA==" } };
const PHOTOS = { role: "user", parts: [PHOTO, PHOTO] };
const IMAGES = { allow: ["images"] };
const FILE = { type: "file", file: { file_data: "data:application/pdf;base64,AA==" } };
const withParts = (...parts: object[]) => chat({ messages: [{ role: "user", content: parts }] });
const TOOL = { type: "function", function: { name: "f", parameters: { type: "object" } } };

describe("the bound of input tokens is that of the body as it is sent", () => {
  test.each<[string, CountedRequest, number]>([
    ["chat", { body: chat() }, 32],
    ["chat with tools", { body: chat({ tools: [TOOL] }), policy: { allow: ["tools"] } }, 1_056],
    [
      "chat with a schema",
      { body: chat({ response_format: { type: "json_schema", json_schema: { name: "a" } } }) },
      1_056,
    ],
    [
      "chat with two images",
      { body: withParts(IMAGE, IMAGE), policy: { allow: ["images"] } },
      32 + 2 * 48_169,
    ],
    [
      "Gemini with two images",
      { url: `${GOOGLE_URL}:generateContent`, body: { contents: [PHOTOS] }, policy: IMAGES },
      32 + 2 * 4_128,
    ],
    [
      "an embedding of two images",
      { url: `${GOOGLE_URL}:embedContent`, body: { content: PHOTOS }, policy: IMAGES },
      32 + 2 * 4_128,
    ],
    [
      "embeddings of four images",
      {
        url: `${GOOGLE_URL}:batchEmbedContents`,
        body: { requests: Array(2).fill({ model: "models/known", content: PHOTOS }) },
        policy: IMAGES,
      },
      32 + 4 * 4_128,
    ],
    ["responses", { url: RESPONSES_URL, body: { model: "known", input: "Hi" } }, 32],
    ["embeddings", { url: EMBEDDINGS_URL, body: { model: "embedder", input: "Hi" } }, 32],
    ["messages", { url: MESSAGES_URL, body: { ...chat(), max_tokens: 20 } }, 32],
    ["Gemini", { url: `${GOOGLE_URL}:generateContent`, body: { contents } }, 32],
    [
      "a thousand empty messages",
      { body: chat({ messages: Array(1_000).fill({ role: "user", content: "" }) }) },
      32,
    ],
  ])("%s", async (_, request, added) => {
    const { checked, bytes } = await applyTo(request);
    expect(checked.bound!.inputTokens).toBe(bytes() + added);
  });

  test.each<[string, object, string]>([
    ["files", withParts(FILE), "files"],
    [
      "audio",
      withParts({ type: "input_audio", input_audio: { data: "AA", format: "wav" } }),
      "audio",
    ],
    ["fields that nobody knows", chat({ prediction: {} }), "field:prediction"],
  ])("or a twentieth more than the context window, with %s", async (_, body, entry) => {
    const policy = { allow: [entry] };
    expect((await applyTo({ body, policy })).checked.bound!.inputTokens).toBe(105_000);
    const error = await refusalOf({ body: { ...body, model: "no-window" }, policy });
    expect(error).toMatchObject({ code: "policy_violation", param: entry });
    expect(error.detail).toContain("context window");
    // Nothing is counted, so nothing needs a bound.
    const counts = "nothing";
    const free = await applyTo({ body: { ...body, model: "no-window" }, policy, counts });
    expect(free.checked.bound).toBeUndefined();
  });

  test("and never cut by the context window, which tables round", async () => {
    const long = { messages: [{ role: "user", content: "x".repeat(200_000) }], max_tokens: 20 };
    const { checked, bytes } = await applyTo({ url: MESSAGES_URL, body: chat(long) });
    expect(checked.bound!.inputTokens).toBe(bytes() + 32);
  });

  test("and files are refused where beta features may have a longer context window", async () => {
    const source = { type: "base64", media_type: "application/pdf", data: "AA==" };
    const body = chat({
      messages: [{ role: "user", content: [{ type: "document", source }] }],
      max_tokens: 20,
    });
    const request = { url: MESSAGES_URL, body, policy: { allow: ["beta", "files"] } };
    expect((await applyTo(request)).checked.bound!.inputTokens).toBe(105_000);
    const headers = { "anthropic-beta": "context-1m" };
    expect(await refusalOf({ ...request, headers })).toMatchObject({ param: "files" });
    const byHeader = { ...request, policy: { allow: ["files", "header:anthropic-beta"] } };
    expect(await refusalOf({ ...byHeader, headers })).toMatchObject({ param: "files" });
    const { model: _, ...invoked } = body;
    const invoke = { ...request, url: INVOKE_URL, body: invoked };
    expect((await applyTo(invoke)).checked.bound!.inputTokens).toBe(105_000);
    const inBody = { ...invoke, body: { ...invoked, anthropic_beta: ["context-1m"] } };
    expect(await refusalOf(inBody)).toMatchObject({ param: "files" });
  });

  test.each<[string, string, object, string]>([
    ["a hosted tool", RESPONSES_URL, { tools: [{ type: "web_search" }] }, "tools:web_search"],
    ["a search in chat", CHAT_URL, { web_search_options: {}, messages }, "tools:web_search"],
    ["background work", RESPONSES_URL, { background: true }, "field:background"],
  ])("and %s is refused", async (_, url, more, entry) => {
    const request = { url, body: { model: "known", ...more }, policy: { allow: [entry] } };
    const error = await refusalOf(request);
    expect(error).toMatchObject({ code: "policy_violation" });
    expect(error.detail).toContain("has no bound");
    const counts = "nothing";
    expect((await applyTo({ ...request, counts })).checked.bound).toBeUndefined();
  });
});

describe("the output cap", () => {
  const GENERATE_URL = `${GOOGLE_URL}:generateContent`;
  test.each<[string, CountedRequest, object]>([
    ["that was asked for", { body: chat({ max_completion_tokens: 900 }) }, { most: 900 }],
    [
      "of both names",
      { body: chat({ max_completion_tokens: 9, max_tokens: 900 }) },
      { least: 16, most: 900 },
    ],
    ["below the least one", { body: chat({ max_tokens: 5 }) }, { least: 5, most: 5 }],
    ["beyond the window", { body: chat({ max_tokens: 10 ** 9 }) }, { most: 100_000 }],
    [
      "of a policy",
      { body: chat(), policy: { maxOutputTokens: 800 } },
      { most: 800, isAsked: false },
    ],
    [
      "lowered by a policy",
      { body: chat({ max_tokens: 900 }), policy: { maxOutputTokens: 800 } },
      { most: 800, isAsked: true },
    ],
    ["that nobody set", { body: chat() }, { least: 16, most: 16_384, isAsked: false }],
    [
      "of Gemini",
      { url: GENERATE_URL, body: { contents, generationConfig: { maxOutputTokens: 70 } } },
      { least: 16, most: 70, isAsked: true },
    ],
    ["of Gemini that nobody set", { url: GENERATE_URL, body: { contents } }, { most: 8_192 }],
    [
      "above the budget for thinking",
      {
        url: MESSAGES_URL,
        body: chat({ max_tokens: 5000, thinking: { type: "enabled", budget_tokens: 1024 } }),
      },
      { least: 1025, most: 5000, isAsked: true },
    ],
  ])("%s", async (_, request, elastic) => {
    const { bound } = (await applyTo(request)).checked;
    expect(bound!.elastic).toMatchObject(elastic);
    expect(bound!.multiplicity).toBe(1);
  });

  test.each<[string, CountedRequest, number]>([
    ["n", { body: chat({ n: 4 }), policy: { allow: ["n"] } }, 4],
    ["best_of", { body: chat({ n: 2, best_of: 3 }), policy: { allow: ["n"] } }, 3],
    [
      "candidateCount",
      {
        url: GENERATE_URL,
        body: { contents, generationConfig: { candidateCount: 2 } },
        policy: { allow: ["n"] },
      },
      2,
    ],
    ["none", { url: EMBEDDINGS_URL, body: { model: "embedder", input: "Hi" } }, 0],
  ])("is multiplied by %s", async (_, request, multiplicity) => {
    expect((await applyTo(request)).checked.bound!.multiplicity).toBe(multiplicity);
  });

  test("is lowered in each field, told, and once", async () => {
    const body = chat({ max_completion_tokens: 900, max_tokens: 700, temperature: 1.0 });
    const { checked, sent } = await applyTo({ body, policy: { maxOutputTokens: 800 } });
    expect(checked.edits).toContain("max_output_tokens=800");
    checked.lowerCap!(750);
    expect(sent()).toMatchObject({ max_completion_tokens: 750, max_tokens: 700 });
    expect(checked.edits.filter((edit) => edit.startsWith("max_"))).toEqual([
      "max_output_tokens=750",
    ]);
    checked.lowerCap!(1);
    expect(sent()).toMatchObject({ max_completion_tokens: 750 });
  });

  test("is filled in where there is none, and left where it is lower", async () => {
    const none = await applyTo({ body: chat() });
    none.checked.lowerCap!(4096);
    expect(none.sent()).toMatchObject({ max_completion_tokens: 4096 });
    expect(none.checked.edits).toContain("max_output_tokens=4096");
    const lower = await applyTo({ body: chat({ max_tokens: 20 }) });
    lower.checked.lowerCap!(20);
    expect(lower.sent()).toEqual({ ...chat({ max_tokens: 20 }), service_tier: "default" });
    expect(lower.checked.edits).toEqual(["service_tier=default"]);
  });

  test("of an operation without output is none to lower", async () => {
    const { checked } = await applyTo({
      url: EMBEDDINGS_URL,
      body: { model: "embedder", input: "Hi" },
    });
    expect(checked.lowerCap).toBeUndefined();
    expect(checked.bound!.elastic).toBeUndefined();
  });
});

describe("what no provider bills", () => {
  test.each<[string, CountedRequest]>([
    ["a list of models", { url: "https://api.openai.com/v1/models" }],
    ["a count of tokens", { url: `${MESSAGES_URL}/count_tokens`, body: chat() }],
    ["a count of Gemini", { url: `${GOOGLE_URL}:countTokens`, body: { contents } }],
  ])("is free: %s", async (_, request) => {
    const { bound, usage } = (await applyTo(request)).checked;
    expect(bound).toMatchObject({ inputTokens: 0, cost: { input: 0, perOutputToken: 0 } });
    expect(usage).toBeUndefined();
  });

  test("is free: a message to an MCP server, which nothing guards", async () => {
    const body = { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "x" } };
    const request = {
      url: "https://mcp.example.com/mcp",
      body,
      rule: { provider: "mcp" as const },
    };
    expect((await applyTo(request)).checked.bound).toMatchObject({ inputTokens: 0 });
  });
});
