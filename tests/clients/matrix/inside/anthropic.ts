import type Anthropic1 from "@anthropic-ai/sdk";
import type Anthropic0 from "anthropic-0";
import { nameOf } from "./name_of.ts";
import type { Reading, Subject, TokenProvider } from "./subject.ts";

/** The talks of a client of Anthropic. The two have the same types where it matters here. */
export function anthropicSubject(
  Anthropic: typeof Anthropic1 | typeof Anthropic0,
): Subject<Anthropic1> {
  const Client = Anthropic as typeof Anthropic1;
  return {
    create: (baseURL, apiKey) => new Client({ baseURL, apiKey, dangerouslyAllowBrowser: true }),
    talks: { messages, "messages, streamed": messagesStreamed, "count tokens": countTokens },
    askForMore: (client, question) =>
      client.messages.create({
        max_tokens: 99,
        ...requestOf(question),
        tools: [{ type: "web_search_20250305", name: "web_search" }],
      }),
    refusalOf(error) {
      const { AuthenticationError, PermissionDeniedError } = Client;
      const name = nameOf(error, { AuthenticationError, PermissionDeniedError });
      if (name === undefined) return undefined;
      const { status, message, error: document } = error as InstanceType<typeof Client.APIError>;
      const { code } = document as { code?: string };
      return { error: name, status, message, code };
    },
  };
}

/** The same for a version that takes a function as its key. */
export function withProvider(Client: typeof Anthropic1): Subject<Anthropic1> {
  const createWithProvider = (baseURL: string, apiKey: TokenProvider) =>
    new Client({ baseURL, apiKey, dangerouslyAllowBrowser: true });
  return { ...anthropicSubject(Client), createWithProvider };
}

const requestOf = (content: string) => ({
  model: "claude-test",
  messages: [{ role: "user" as const, content }],
});

async function messages(client: Anthropic1, question: string): Promise<Reading> {
  return readingOf(await client.messages.create({ max_tokens: 99, ...requestOf(question) }));
}

async function messagesStreamed(client: Anthropic1, question: string): Promise<Reading> {
  const stream = client.messages.stream({ max_tokens: 99, ...requestOf(question) });
  const pieces: string[] = [];
  stream.on("text", (piece) => void pieces.push(piece));
  return { ...readingOf(await stream.finalMessage()), pieces };
}

async function countTokens(client: Anthropic1, question: string): Promise<Reading> {
  const { input_tokens } = await client.messages.countTokens(requestOf(question));
  return { text: "", inputTokens: input_tokens };
}

function readingOf({ content, usage }: Anthropic1.Message): Reading {
  return {
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
  };
}
