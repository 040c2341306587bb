import { afterAll, describe, expect, test } from "bun:test";
import { ANTHROPIC } from "./anthropic.ts";
import { countTokens, tokensOf } from "./answer.ts";
import { GEMINI } from "./gemini.ts";
import { OPENAI } from "./openai.ts";
import { startProvider } from "./provider_server.ts";

// The official clients read the rest, in tests/clients/matrix/.

const KEY = "sk-test";
const QUESTION = "Grüße – who\nare you? 🔑";
const WORDS = ["Grüße", " –", " who", "\nare", " you?", " 🔑"];
const openai = startProvider(OPENAI, { key: KEY });
const anthropic = startProvider(ANTHROPIC, { key: KEY });
const gemini = startProvider(GEMINI, { key: KEY });

afterAll(async () => {
  for (const provider of [openai, anthropic, gemini]) await provider[Symbol.asyncDispose]();
});

const BEARER = { authorization: `Bearer ${KEY}` };
const X_API_KEY = { "x-api-key": KEY, "anthropic-version": "2023-06-01" };
const GOOGLE_KEY = { "x-goog-api-key": KEY };

const messages = [
  { role: "system", content: "Repeat this." },
  { role: "user", content: [{ type: "text", text: QUESTION }] },
];
const CHAT = { model: "m", messages };
const RESPONSES = { model: "m", instructions: "Repeat this.", input: QUESTION };
const MESSAGES = { model: "m", max_tokens: 9, messages };
const CONTENTS = { contents: [{ role: "user", parts: [{ text: QUESTION }] }] };
const GEMINI_PATH = "/v1beta/models/m";

function post(
  { origin }: { origin: string },
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(`${origin}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

/** The JSON of each event of a stream. */
async function eventsOf(response: Response): Promise<any[]> {
  const events = (await response.text()).split(/\r?\n\r?\n/).filter(Boolean);
  return events.map((event) => {
    const data = event.split("data: ")[1]!;
    return data === "[DONE]" ? data : JSON.parse(data);
  });
}

test("tokensOf splits a text into its words, and nothing is lost", () => {
  expect(tokensOf(QUESTION)).toEqual(WORDS);
  expect(countTokens(["Repeat this.", QUESTION])).toBe(8);
});

describe("openai", () => {
  const chat = (more: object) => post(openai, "/v1/chat/completions", { ...CHAT, ...more }, BEARER);

  test("chat has a usage, and a streamed one only where it is asked for", async () => {
    expect(await (await chat({})).json()).toMatchObject({
      choices: [{ message: { content: QUESTION }, finish_reason: "stop" }],
      usage: { prompt_tokens: 8, completion_tokens: 6, total_tokens: 14 },
    });
    const plain = await eventsOf(await chat({ stream: true }));
    expect(plain.at(-1)).toBe("[DONE]");
    expect(plain.filter((event) => event.usage !== undefined)).toEqual([]);
    const events = await eventsOf(
      await chat({ stream: true, stream_options: { include_usage: true } }),
    );
    expect(events.at(-2)).toMatchObject({ choices: [], usage: { completion_tokens: 6 } });
    expect(events.slice(0, -2).map(({ usage }) => usage)).toEqual(
      events.slice(0, -2).map(() => null),
    );
    const pieces = events.slice(0, -2).map(({ choices }) => choices[0].delta.content);
    expect(pieces).toEqual(["", ...WORDS, undefined]);
  });

  test("responses are events with names and numbers, and the last one has the usage", async () => {
    const response = await post(openai, "/v1/responses", { ...RESPONSES, stream: true }, BEARER);
    const text = await response.clone().text();
    const events = await eventsOf(response);
    const names = [...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    expect(names).toEqual(events.map(({ type }) => type));
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, i) => i));
    expect(events.map(({ type }) => type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      ...WORDS.map(() => "response.output_text.delta"),
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.at(-1).response.usage).toMatchObject({ input_tokens: 8, output_tokens: 6 });
  });

  test("a cap ends an answer", async () => {
    expect(await (await chat({ max_completion_tokens: 2 })).json()).toMatchObject({
      choices: [{ message: { content: "Grüße –" }, finish_reason: "length" }],
      usage: { completion_tokens: 2 },
    });
    const response = await post(
      openai,
      "/v1/responses",
      { ...RESPONSES, max_output_tokens: 2 },
      BEARER,
    );
    expect(await response.json()).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
      usage: { output_tokens: 2 },
    });
  });

  test("an embedding in base64 is the one in numbers", async () => {
    const body = { model: "m", input: ["a", QUESTION], dimensions: 4 };
    const read = async (format: string) => {
      const response = await post(
        openai,
        "/v1/embeddings",
        { ...body, encoding_format: format },
        BEARER,
      );
      return response.json() as Promise<any>;
    };
    const [numbers, base64] = [await read("float"), await read("base64")];
    expect(numbers.usage).toEqual({ prompt_tokens: 7, total_tokens: 7 });
    const floats = new Float32Array(
      new Uint8Array(Buffer.from(base64.data[1].embedding, "base64")).buffer,
    );
    expect([...floats]).toEqual([...new Float32Array(numbers.data[1].embedding)]);
  });
});

describe("anthropic", () => {
  test("a stream has the usage in its first event and in the last but one", async () => {
    const body = { ...MESSAGES, stream: true };
    const events = await eventsOf(await post(anthropic, "/v1/messages", body, X_API_KEY));
    expect(events[0].message.usage).toMatchObject({ input_tokens: 8, output_tokens: 1 });
    expect(events.at(-2)).toMatchObject({
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { input_tokens: 8, output_tokens: 6 },
    });
    expect(events.at(-1)).toEqual({ type: "message_stop" });
  });

  test("count_tokens counts what messages have as input", async () => {
    const { max_tokens: _, ...body } = MESSAGES;
    const response = await post(anthropic, "/v1/messages/count_tokens", body, X_API_KEY);
    expect(await response.json()).toEqual({ input_tokens: 8 });
  });
});

describe("gemini", () => {
  const call = (operation: string, body: object = CONTENTS) =>
    post(gemini, `${GEMINI_PATH}:${operation}`, body, GOOGLE_KEY);

  test("a stream has the usage so far in each piece, and is an array without alt=sse", async () => {
    const pieces = await eventsOf(await call("streamGenerateContent?alt=sse"));
    const usages = pieces.map(({ usageMetadata }) => usageMetadata.candidatesTokenCount);
    expect(usages).toEqual([1, 2, 3, 4, 5, 6]);
    expect(pieces.at(-1)).toMatchObject({
      candidates: [{ content: { parts: [{ text: " 🔑" }] }, finishReason: "STOP" }],
      usageMetadata: { promptTokenCount: 6, totalTokenCount: 12 },
    });
    expect(await (await call("streamGenerateContent")).json()).toEqual(pieces);
  });

  test("countTokens counts what contents have as input, and a cap ends an answer", async () => {
    expect(await (await call("countTokens")).json()).toMatchObject({ totalTokens: 6 });
    const capped = await call("generateContent", {
      ...CONTENTS,
      generationConfig: { maxOutputTokens: 2 },
    });
    expect(await capped.json()).toMatchObject({
      candidates: [{ content: { parts: [{ text: "Grüße –" }] }, finishReason: "MAX_TOKENS" }],
    });
  });
});

describe("models", () => {
  test.each([
    ["openai", openai, "/v1/models", BEARER, { object: "list", data: [{ id: "gpt-test" }, {}] }],
    [
      "anthropic",
      anthropic,
      "/v1/models",
      X_API_KEY,
      { data: [{ id: "claude-test" }, {}], has_more: false },
    ],
    [
      "gemini",
      gemini,
      "/v1beta/models",
      GOOGLE_KEY,
      { models: [{ name: "models/gemini-test" }, {}] },
    ],
  ] as const)("of %s", async (_, { origin }, path, headers, expected) => {
    const response = await fetch(`${origin}${path}`, { headers });
    expect(await response.json()).toMatchObject(expected);
  });
});

test("a provider keeps every request, with the bytes of its body", async () => {
  const before = openai.requests.length;
  await post(openai, "/v1/models?a=b", { é: 1 }, { "x-a": "1" });
  const [request] = openai.requests.slice(before);
  expect(request).toMatchObject({ method: "POST", path: "/v1/models", query: "a=b" });
  expect(request!.headers.get("x-a")).toBe("1");
  expect(Buffer.from(request!.body).toString()).toBe('{"é":1}');
});
