import type OpenAI7 from "openai";
import type OpenAI6 from "openai-6";
import { nameOf } from "./name_of.ts";
import type { Reading, Subject } from "./subject.ts";

const MODEL = "gpt-test";

/** The talks of a client of OpenAI. The two majors have the same types where it matters here. */
export function openaiSubject(OpenAI: typeof OpenAI7 | typeof OpenAI6): Subject<OpenAI7> {
  const Client = OpenAI as typeof OpenAI7;
  const create = (base: string, apiKey: string | (() => Promise<string>)) =>
    new Client({ baseURL: `${base}/v1`, apiKey, dangerouslyAllowBrowser: true });
  return {
    create,
    createWithProvider: create,
    talks: {
      chat,
      "chat, streamed": chatStreamed,
      responses,
      "responses, streamed": responsesStreamed,
    },
    askForMore: (client, input) =>
      client.responses.create({ model: MODEL, input, tools: [{ type: "web_search" }] }),
    refusalOf(error) {
      const { AuthenticationError, PermissionDeniedError } = Client;
      const name = nameOf(error, { AuthenticationError, PermissionDeniedError });
      if (name === undefined) return undefined;
      const { status, message, code } = error as InstanceType<typeof Client.APIError>;
      return { error: name, status, message, code };
    },
  };
}

const messagesOf = (content: string) => [{ role: "user" as const, content }];

async function chat(client: OpenAI7, question: string): Promise<Reading> {
  const { choices, usage } = await client.chat.completions.create({
    model: MODEL,
    messages: messagesOf(question),
  });
  return {
    text: choices[0]?.message.content ?? "",
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
  };
}

async function chatStreamed(client: OpenAI7, question: string): Promise<Reading> {
  const stream = client.chat.completions.stream({
    model: MODEL,
    messages: messagesOf(question),
    stream_options: { include_usage: true },
  });
  const pieces: string[] = [];
  stream.on("content", (piece) => void pieces.push(piece));
  const { choices, usage } = await stream.finalChatCompletion();
  return {
    text: choices[0]?.message.content ?? "",
    pieces,
    inputTokens: usage?.prompt_tokens,
    outputTokens: usage?.completion_tokens,
  };
}

async function responses(client: OpenAI7, input: string): Promise<Reading> {
  const { output_text, usage } = await client.responses.create({ model: MODEL, input });
  return {
    text: output_text,
    inputTokens: usage?.input_tokens,
    outputTokens: usage?.output_tokens,
  };
}

async function responsesStreamed(client: OpenAI7, input: string): Promise<Reading> {
  const stream = client.responses.stream({ model: MODEL, input });
  const pieces: string[] = [];
  stream.on("response.output_text.delta", ({ delta }) => void pieces.push(delta));
  const { output_text, usage } = await stream.finalResponse();
  return {
    text: output_text,
    pieces,
    inputTokens: usage?.input_tokens,
    outputTokens: usage?.output_tokens,
  };
}
