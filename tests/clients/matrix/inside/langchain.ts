import type { UsageMetadata } from "@langchain/core/messages";
import { ChatOpenAI } from "@langchain/openai";
import type { Reading, Subject, TokenProvider } from "./subject.ts";

type Models = Readonly<Record<"chat" | "responses", ChatOpenAI>>;

/** Classes of OpenAI's client. LangChain has a copy of its own, which it does not export. */
const ERRORS: readonly string[] = ["AuthenticationError", "PermissionDeniedError"];

/** The talks of LangChain's `ChatOpenAI`. */
export const LANGCHAIN: Subject<Models> = {
  create,
  createWithProvider: create,
  talks: {
    chat: ({ chat }, question) => invoke(chat, question),
    "chat, streamed": ({ chat }, question) => stream(chat, question),
    responses: ({ responses }, question) => invoke(responses, question),
    "responses, streamed": ({ responses }, question) => stream(responses, question),
  },
  askForMore: ({ responses }, question) =>
    responses.invoke(question, { tools: [{ type: "web_search" }] }),
  refusalOf(error) {
    if (!(error instanceof Error) || !ERRORS.includes(error.constructor.name)) return undefined;
    const { status, message, code } = error as Error & { status?: number; code?: string };
    return { error: error.constructor.name, status, message, code };
  },
};

function create(base: string, apiKey: string | TokenProvider): Models {
  const fields = { model: "gpt-test", apiKey, configuration: { baseURL: `${base}/v1` } };
  return {
    chat: new ChatOpenAI(fields),
    responses: new ChatOpenAI({ ...fields, useResponsesApi: true }),
  };
}

async function invoke(model: ChatOpenAI, question: string): Promise<Reading> {
  const { text, usage_metadata } = await model.invoke(question);
  // Its type says that there is none.
  const usage = usage_metadata as UsageMetadata | undefined;
  return { text, inputTokens: usage?.input_tokens, outputTokens: usage?.output_tokens };
}

async function stream(model: ChatOpenAI, question: string): Promise<Reading> {
  const pieces: string[] = [];
  let usage: UsageMetadata | undefined;
  for await (const { text, usage_metadata } of await model.stream(question)) {
    if (text !== "") pieces.push(text);
    usage = usage_metadata ?? usage;
  }
  return {
    text: pieces.join(""),
    pieces,
    inputTokens: usage?.input_tokens,
    outputTokens: usage?.output_tokens,
  };
}
