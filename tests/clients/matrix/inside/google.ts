import type * as genai3 from "@google/genai";
import type * as genai1 from "genai-1";
import type * as genai2 from "genai-2";
import type { Reading, Subject } from "./subject.ts";

type Client = genai3.GoogleGenAI;

const MODEL = "gemini-test";

/** The talks of a client of Google's. The three majors have the same types where it matters here. */
export function googleSubject(
  genai: typeof genai1 | typeof genai2 | typeof genai3,
): Subject<Client> {
  const { GoogleGenAI, ApiError } = genai as typeof genai3;
  return {
    create: (baseUrl, apiKey) => new GoogleGenAI({ apiKey, httpOptions: { baseUrl } }),
    talks: { generateContent, "generateContent, streamed": generateStreamed, countTokens },
    askForMore: ({ models }, contents) =>
      models.generateContent({ model: MODEL, contents, config: { tools: [{ googleSearch: {} }] } }),
    refusalOf(error) {
      if (!(error instanceof ApiError)) return undefined;
      const { status, message } = error;
      // The error of a document that is no application/json has the whole of it as its message.
      const { code } = JSON.parse(JSON.parse(message).error.message) as { code?: string };
      return { error: "ApiError", status, message, code };
    },
  };
}

async function generateContent({ models }: Client, contents: string): Promise<Reading> {
  const { text = "", usageMetadata } = await models.generateContent({ model: MODEL, contents });
  return { text, ...usageOf(usageMetadata) };
}

async function generateStreamed({ models }: Client, contents: string): Promise<Reading> {
  const pieces: string[] = [];
  let usage: genai3.GenerateContentResponseUsageMetadata | undefined;
  for await (const chunk of await models.generateContentStream({ model: MODEL, contents })) {
    pieces.push(chunk.text ?? "");
    usage = chunk.usageMetadata;
  }
  return { text: pieces.join(""), pieces, ...usageOf(usage) };
}

async function countTokens({ models }: Client, contents: string): Promise<Reading> {
  const { totalTokens } = await models.countTokens({ model: MODEL, contents });
  return { text: "", inputTokens: totalTokens };
}

function usageOf(usage: genai3.GenerateContentResponseUsageMetadata | undefined) {
  return { inputTokens: usage?.promptTokenCount, outputTokens: usage?.candidatesTokenCount };
}
