import { afterAll, describe, expect, test } from "bun:test";
import { ANTHROPIC } from "./anthropic.ts";
import { RATE_LIMITED } from "./answer.ts";
import { GEMINI } from "./gemini.ts";
import { OPENAI } from "./openai.ts";
import { billedTokens, type FakeProvider, startProvider } from "./provider_server.ts";

const KEY = "sk-test";
const PROVIDERS = {
  openai: startProvider(OPENAI, { key: KEY }),
  anthropic: startProvider(ANTHROPIC, { key: KEY }),
  gemini: startProvider(GEMINI, { key: KEY }),
};

afterAll(async () => {
  for (const provider of Object.values(PROVIDERS)) await provider[Symbol.asyncDispose]();
});

// Two words that are instructions, and four that are repeated.
const SYSTEM = "Repeat this.";
const TEXT = "one two three four";
const HEADERS: Readonly<Record<keyof typeof PROVIDERS, Record<string, string>>> = {
  openai: { authorization: `Bearer ${KEY}` },
  anthropic: { "x-api-key": KEY, "anthropic-version": "2023-06-01" },
  gemini: { "x-goog-api-key": KEY },
};

/** How many answers, and the cap of each. */
interface Asked {
  model: string;
  cap?: number;
  count?: number;
}

interface Operation {
  provider: keyof typeof PROVIDERS;
  path: (model: string) => string;
  body: (asked: Asked) => object;
  /** Where the answer, or its last piece, says what was used. */
  usage: (answer: any) => any;
  /** Absent: it gives one answer. */
  givesSeveral?: true;
}

const messages = [
  { role: "system", content: SYSTEM },
  { role: "user", content: TEXT },
];
const contents = ({ cap, count }: Asked) => ({
  systemInstruction: { parts: [{ text: SYSTEM }] },
  contents: [{ role: "user", parts: [{ text: TEXT }] }],
  generationConfig: { maxOutputTokens: cap, candidateCount: count },
});
const chat = ({ model, cap, count }: Asked) => ({
  model,
  messages,
  max_completion_tokens: cap,
  n: count,
});
const responses = ({ model, cap }: Asked) => ({
  model,
  instructions: SYSTEM,
  input: TEXT,
  max_output_tokens: cap,
});

const toUsage = {
  chat: ({ usage }: any) => ({
    inputTokens: usage.prompt_tokens,
    cachedTokens: usage.prompt_tokens_details.cached_tokens,
    outputTokens: usage.completion_tokens,
    reasoningTokens: usage.completion_tokens_details.reasoning_tokens,
  }),
  responses: (answer: any) => {
    const { usage } = answer.response ?? answer;
    return {
      inputTokens: usage.input_tokens,
      cachedTokens: usage.input_tokens_details.cached_tokens,
      outputTokens: usage.output_tokens,
      reasoningTokens: usage.output_tokens_details.reasoning_tokens,
    };
  },
  messages: ({ usage }: any) => ({
    inputTokens: usage.input_tokens + usage.cache_read_input_tokens,
    cachedTokens: usage.cache_read_input_tokens,
    outputTokens: usage.output_tokens,
    reasoningTokens: usage.output_tokens_details.thinking_tokens,
  }),
  contents: ({ usageMetadata: usage }: any) => ({
    inputTokens: usage.promptTokenCount,
    cachedTokens: usage.cachedContentTokenCount ?? 0,
    outputTokens: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    reasoningTokens: usage.thoughtsTokenCount ?? 0,
  }),
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  chat: {
    provider: "openai",
    path: () => "/v1/chat/completions",
    body: chat,
    usage: toUsage.chat,
    givesSeveral: true,
  },
  "chat, streamed": {
    provider: "openai",
    path: () => "/v1/chat/completions",
    body: (asked) => ({ ...chat(asked), stream: true, stream_options: { include_usage: true } }),
    usage: toUsage.chat,
    givesSeveral: true,
  },
  responses: {
    provider: "openai",
    path: () => "/v1/responses",
    body: responses,
    usage: toUsage.responses,
  },
  "responses, streamed": {
    provider: "openai",
    path: () => "/v1/responses",
    body: (asked) => ({ ...responses(asked), stream: true }),
    usage: toUsage.responses,
  },
  messages: {
    provider: "anthropic",
    path: () => "/v1/messages",
    body: ({ model, cap = 99 }) => ({ model, messages, max_tokens: cap }),
    usage: toUsage.messages,
  },
  "messages, streamed": {
    provider: "anthropic",
    path: () => "/v1/messages",
    body: ({ model, cap = 99 }) => ({ model, messages, max_tokens: cap, stream: true }),
    usage: toUsage.messages,
  },
  generateContent: {
    provider: "gemini",
    path: (model) => `/v1beta/models/${model}:generateContent`,
    body: contents,
    usage: toUsage.contents,
    givesSeveral: true,
  },
  "streamGenerateContent as events": {
    provider: "gemini",
    path: (model) => `/v1beta/models/${model}:streamGenerateContent?alt=sse`,
    body: contents,
    usage: toUsage.contents,
    givesSeveral: true,
  },
  "streamGenerateContent as a list": {
    provider: "gemini",
    path: (model) => `/v1beta/models/${model}:streamGenerateContent`,
    body: contents,
    usage: toUsage.contents,
    givesSeveral: true,
  },
};

/** Asks, and returns the answer, or the last of its pieces with a usage. */
async function ask({ provider, path, body }: Operation, asked: Asked): Promise<any> {
  const { origin } = PROVIDERS[provider];
  const response = await fetch(`${origin}${path(asked.model)}`, {
    method: "POST",
    headers: HEADERS[provider],
    body: JSON.stringify(body(asked)),
  });
  const text = await response.text();
  if (!response.headers.get("content-type")?.startsWith("text/event-stream")) {
    return [JSON.parse(text)].flat().at(-1);
  }
  const data = [...text.matchAll(/^data: (\{.*\})\r?$/gm)].map(([, json]) => JSON.parse(json!));
  return data.findLast((it) => it.usage ?? it.usageMetadata ?? it.response?.usage);
}

function lastOf({ bill }: FakeProvider) {
  const { model: _, ...entry } = bill.at(-1)!;
  return entry;
}

describe.each(Object.entries(OPERATIONS))("%s is billed as it reports:", (_, operation) => {
  const bill = (input: number, cached: number, output: number, reasoning: number) => ({
    inputTokens: input,
    cachedTokens: cached,
    outputTokens: output,
    reasoningTokens: reasoning,
  });
  const rows: [string, Asked, ReturnType<typeof bill>][] = [
    ["a whole answer", { model: "m" }, bill(6, 0, 4, 0)],
    ["one that a cap ends", { model: "m", cap: 3 }, bill(6, 0, 3, 0)],
    ["one with cached input", { model: "m-cached" }, bill(6, 2, 4, 0)],
    ["one with reasoning", { model: "m-thinking" }, bill(6, 0, 8, 4)],
    ["one whose reasoning a cap ends", { model: "m-thinking", cap: 3 }, bill(6, 0, 3, 3)],
  ];
  if (operation.givesSeveral) {
    rows.push(["several answers", { model: "m-thinking", cap: 5, count: 3 }, bill(6, 0, 15, 12)]);
  }
  test.each(rows)("%s", async (__, asked, expected) => {
    const provider = PROVIDERS[operation.provider];
    const before = billedTokens(provider.bill);
    const answer = await ask(operation, asked);
    expect(operation.usage(answer)).toEqual(expected);
    expect(lastOf(provider)).toEqual(expected);
    const { inputTokens, outputTokens } = expected;
    expect(billedTokens(provider.bill) - before).toBe(inputTokens + outputTokens);
  });

  test("nothing for an error", async () => {
    const { bill: entries } = PROVIDERS[operation.provider];
    const before = entries.length;
    const { origin } = PROVIDERS[operation.provider];
    const init = { method: "POST", headers: HEADERS[operation.provider] };
    for (const [model, body] of [
      [RATE_LIMITED, operation.body({ model: RATE_LIMITED })],
      ["m", {}],
    ] as const) {
      const url = `${origin}${operation.path(model)}`;
      expect((await fetch(url, { ...init, body: JSON.stringify(body) })).ok).toBe(false);
    }
    expect(entries).toHaveLength(before);
  });
});

test("an answer is billed whole, though its client leaves", async () => {
  const { bill } = PROVIDERS.openai;
  const before = bill.length;
  const client = new AbortController();
  const { provider, path, body } = OPERATIONS["chat, streamed"]!;
  const response = await fetch(`${PROVIDERS.openai.origin}${path("m")}`, {
    method: "POST",
    headers: HEADERS[provider],
    body: JSON.stringify(body({ model: "m" })),
    signal: client.signal,
  });
  client.abort();
  await response.text().catch(() => {});
  expect(bill.slice(before)).toMatchObject([{ inputTokens: 6, outputTokens: 4 }]);
});

test("an embedding has input alone", async () => {
  const { origin, bill } = PROVIDERS.openai;
  const body = JSON.stringify({ model: "m", input: [TEXT, SYSTEM] });
  await fetch(`${origin}/v1/embeddings`, { method: "POST", headers: HEADERS.openai, body });
  expect(bill.at(-1)).toMatchObject({ inputTokens: 6, outputTokens: 0 });
});
