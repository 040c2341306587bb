import { createAnthropic } from "@ai-sdk/anthropic";
import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic1 from "@anthropic-ai/sdk";
import { type LanguageModel, streamText } from "ai";
import Anthropic0 from "anthropic-0";
import { GoogleGenAI as GenAI1 } from "genai-1";
import { GoogleGenAI as GenAI2 } from "genai-2";
import { GoogleGenAI as GenAI3 } from "genai-3";
import { GoogleGenerativeAI } from "generative-ai";
import OpenAI7, { AzureOpenAI as Azure7 } from "openai";
import OpenAI6, { AzureOpenAI as Azure6 } from "openai-6";

const apiKey = "none";
const PROMPT = "hello";
const MESSAGES = [{ role: "user" as const, content: PROMPT }];
const CHAT = { model: "m", messages: MESSAGES, stream: true as const };

/** Asks at a base URL for a streamed answer, and returns its pieces as the client yields them. */
type Converse = (base: string) => AsyncIterable<string>;

async function* chatOf(client: OpenAI6 | OpenAI7): AsyncIterable<string> {
  const stream = await (client as OpenAI7).chat.completions.create(CHAT);
  for await (const { choices } of stream) yield choices[0]?.delta.content ?? "";
}

async function* responsesOf(client: OpenAI6 | OpenAI7): AsyncIterable<string> {
  const request = { model: "m", input: PROMPT, stream: true as const };
  for await (const event of await (client as OpenAI7).responses.create(request)) {
    if (event.type === "response.output_text.delta") yield event.delta;
  }
}

async function* messagesOf(client: Anthropic0 | Anthropic1): AsyncIterable<string> {
  const request = { model: "m", max_tokens: 9, messages: MESSAGES, stream: true as const };
  for await (const event of await (client as Anthropic1).messages.create(request)) {
    if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
      yield event.delta.text;
    }
  }
}

async function* contentOf(client: GenAI1 | GenAI2 | GenAI3): AsyncIterable<string> {
  const request = { model: "m", contents: PROMPT };
  for await (const { text } of await (client as GenAI3).models.generateContentStream(request)) {
    yield text ?? "";
  }
}

async function* olderContentOf(baseUrl: string): AsyncIterable<string> {
  const model = new GoogleGenerativeAI(apiKey).getGenerativeModel({ model: "m" }, { baseUrl });
  const { stream, response } = await model.generateContentStream(PROMPT);
  // It rejects with the stream, and nobody else awaits it.
  response.catch(() => {});
  for await (const piece of stream) yield piece.text();
}

async function* textOf(model: LanguageModel): AsyncIterable<string> {
  const { stream } = streamText({ model, prompt: PROMPT, maxRetries: 0, onError: () => {} });
  for await (const part of stream) {
    if (part.type === "text-delta") yield part.text;
    if (part.type === "error") throw part.error;
  }
}

const once = { apiKey, maxRetries: 0 };
const azure = { ...once, apiVersion: "2026-01-01", deployment: "d" };
const openai = (base: string) => ({ ...once, baseURL: `${base}/v1` });
const google = (baseUrl: string) => ({ apiKey, httpOptions: { baseUrl, apiVersion: "v1beta" } });

/** The clients by name; `clients.ts` has the packages that they are in. */
export const CONVERSATIONS: Readonly<Record<string, Converse>> = {
  "openai-6 chat": (base) => chatOf(new OpenAI6(openai(base))),
  "openai chat": (base) => chatOf(new OpenAI7(openai(base))),
  "openai-6 responses": (base) => responsesOf(new OpenAI6(openai(base))),
  "openai responses": (base) => responsesOf(new OpenAI7(openai(base))),
  "openai-6 azure": (base) => chatOf(new Azure6({ ...azure, endpoint: base })),
  "openai azure": (base) => chatOf(new Azure7({ ...azure, endpoint: base })),
  "anthropic-0": (base) => messagesOf(new Anthropic0({ ...once, baseURL: base })),
  "@anthropic-ai/sdk": (base) => messagesOf(new Anthropic1({ ...once, baseURL: base })),
  "genai-1": (base) => contentOf(new GenAI1(google(base))),
  "genai-2": (base) => contentOf(new GenAI2(google(base))),
  "genai-3": (base) => contentOf(new GenAI3(google(base))),
  "generative-ai": olderContentOf,
  "@ai-sdk/openai chat": (base) => textOf(createOpenAI(openai(base)).chat("m")),
  "@ai-sdk/openai responses": (base) => textOf(createOpenAI(openai(base))("m")),
  "@ai-sdk/anthropic": (base) => textOf(createAnthropic({ apiKey, baseURL: `${base}/v1` })("m")),
  "@ai-sdk/google": (base) =>
    textOf(createGoogleGenerativeAI({ apiKey, baseURL: `${base}/v1beta` })("m")),
};
