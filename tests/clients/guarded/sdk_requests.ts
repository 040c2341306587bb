import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic1 from "@anthropic-ai/sdk";
import { embed, generateText, type LanguageModel } from "ai";
import Anthropic0 from "anthropic-0";
import { GoogleGenAI as GenAI1 } from "genai-1";
import { GoogleGenAI as GenAI2 } from "genai-2";
import { GoogleGenAI as GenAI3, type GenerateContentConfig } from "genai-3";
import OpenAI7, { AzureOpenAI } from "openai";
import OpenAI6 from "openai-6";

const apiKey = "none";
const SCHEMA = { type: "object", properties: { city: { type: "string" } } };
const SAID = [{ role: "user" as const, content: "Hello" }];

/** Calls of an SDK, which end when their answers are there. */
export interface SdkCalls {
  sdk: string;
  /** How many requests they are. */
  count: number;
  call: (url: string) => Promise<unknown>;
}

async function openai(client: OpenAI6 | OpenAI7): Promise<void> {
  const { chat, responses, embeddings, models } = client as OpenAI7;
  await chat.completions.create({
    model: "gpt-5-mini",
    messages: [{ role: "developer", content: "Be brief." }, ...SAID],
    max_completion_tokens: 500,
    temperature: 0.5,
    response_format: {
      type: "json_schema",
      json_schema: { name: "city", schema: SCHEMA, strict: true },
    },
  });
  await responses.create({
    model: "gpt-5-mini",
    input: SAID,
    instructions: "Be brief.",
    max_output_tokens: 500,
    store: false,
    reasoning: { effort: "low", summary: "auto" },
    include: ["reasoning.encrypted_content"],
    text: { format: { type: "json_schema", name: "city", schema: SCHEMA } },
  });
  await embeddings.create({ model: "gpt-5-mini", input: ["Hello"], dimensions: 256 });
  await models.list();
}

async function azure(url: string): Promise<void> {
  const client = new AzureOpenAI({
    endpoint: url,
    apiKey,
    apiVersion: "2026-10-01-preview",
    maxRetries: 0,
  });
  await client.chat.completions.create({ model: "gpt-5-mini", messages: SAID });
  await client.embeddings.create({ model: "gpt-5-mini", input: "Hello" });
}

async function anthropic(client: Anthropic0 | Anthropic1): Promise<void> {
  const { messages, models } = client as Anthropic1;
  await messages.create({
    model: "claude-haiku-5-5",
    max_tokens: 2000,
    messages: SAID,
    system: [{ type: "text", text: "Be brief." }],
    stop_sequences: ["END"],
    thinking: { type: "enabled", budget_tokens: 1024 },
    metadata: { user_id: "user-1" },
  });
  await messages.countTokens({ model: "claude-haiku-5-5", messages: SAID });
  await models.list();
}

const CONFIG: GenerateContentConfig = {
  systemInstruction: "Be brief.",
  temperature: 0.5,
  maxOutputTokens: 500,
  candidateCount: 1,
  stopSequences: ["END"],
  responseMimeType: "application/json",
  responseSchema: SCHEMA as never,
  thinkingConfig: { includeThoughts: true, thinkingBudget: 128 },
};

async function genai(client: GenAI1 | GenAI2 | GenAI3): Promise<void> {
  const { models } = client as GenAI3;
  const request = { model: "gemini-3-flash", contents: "Hello" };
  await models.generateContent({ ...request, config: CONFIG });
  await models.countTokens(request);
  await models.embedContent({
    model: request.model,
    contents: ["Hello", "world"],
    config: { taskType: "RETRIEVAL_DOCUMENT", title: "A", outputDimensionality: 256 },
  });
}

const genaiOptions = (url: string) => ({ apiKey, httpOptions: { baseUrl: `${url}/google` } });

async function aiSdk(model: LanguageModel): Promise<void> {
  const request = { model, prompt: "Hello", maxOutputTokens: 500, temperature: 0.5, maxRetries: 0 };
  await generateText({ ...request, instructions: "Be brief." });
}

/** Every SDK with the options that its users set. */
export const SDK_CALLS: readonly SdkCalls[] = [
  {
    sdk: "openai 7",
    count: 4,
    call: (url) => openai(new OpenAI7({ baseURL: `${url}/openai/v1`, apiKey, maxRetries: 0 })),
  },
  {
    sdk: "openai 6",
    count: 4,
    call: (url) => openai(new OpenAI6({ baseURL: `${url}/openai/v1`, apiKey, maxRetries: 0 })),
  },
  { sdk: "openai 7 for Azure", count: 2, call: (url) => azure(`${url}/azure`) },
  {
    sdk: "@anthropic-ai/sdk 1",
    count: 3,
    call: (url) =>
      anthropic(new Anthropic1({ baseURL: `${url}/anthropic`, apiKey, maxRetries: 0 })),
  },
  {
    sdk: "@anthropic-ai/sdk 0.120",
    count: 3,
    call: (url) =>
      anthropic(new Anthropic0({ baseURL: `${url}/anthropic`, apiKey, maxRetries: 0 })),
  },
  { sdk: "@google/genai 3", count: 3, call: (url) => genai(new GenAI3(genaiOptions(url))) },
  { sdk: "@google/genai 2", count: 3, call: (url) => genai(new GenAI2(genaiOptions(url))) },
  { sdk: "@google/genai 1", count: 3, call: (url) => genai(new GenAI1(genaiOptions(url))) },
  {
    sdk: "AI SDK 7 for chat of OpenAI",
    count: 1,
    call: (url) => aiSdk(createOpenAI({ baseURL: `${url}/openai/v1`, apiKey }).chat("gpt-5-mini")),
  },
  {
    sdk: "AI SDK 7 for embeddings of Google",
    count: 1,
    call: (url) => {
      const google = createGoogleGenerativeAI({ baseURL: `${url}/google/v1beta`, apiKey });
      return embed({
        model: google.textEmbeddingModel("gemini-3-flash"),
        value: "Hello",
        maxRetries: 0,
      });
    },
  },
  {
    sdk: "AI SDK 7 for Anthropic",
    count: 1,
    call: (url) =>
      aiSdk(createAnthropic({ baseURL: `${url}/anthropic/v1`, apiKey })("claude-haiku-5-5")),
  },
  {
    sdk: "AI SDK 7 for Google",
    count: 1,
    call: (url) =>
      aiSdk(
        createGoogleGenerativeAI({ baseURL: `${url}/google/v1beta`, apiKey })("gemini-3-flash"),
      ),
  },
];
