import { APICallError, generateText, type LanguageModel, streamText } from "ai";
import type { Reading, Subject, TokenProvider } from "./subject.ts";

/** Creates the models of a provider's package, by the name of the talk. */
export type CreateModels = (
  base: string,
  token: string | TokenProvider,
) => Readonly<Record<string, LanguageModel>>;

type Models = ReturnType<CreateModels>;

/** Settings of a call with something that a policy does not grant unless it says so. */
export type More = Pick<Parameters<typeof generateText>[0], "tools" | "providerOptions">;

/** The talks of a provider's package: each of its models whole and streamed. */
export function aiSdkSubject(
  names: readonly string[],
  more: More,
  create: CreateModels,
): Subject<Models> {
  const talks = names.flatMap((name) => [
    [name, (models: Models, question: string) => generate(models[name]!, question)] as const,
    [
      `${name}, streamed`,
      (models: Models, question: string) => stream(models[name]!, question),
    ] as const,
  ]);
  return {
    create,
    createWithProvider: create,
    talks: Object.fromEntries(talks),
    askForMore: (models, prompt) => generateText({ model: models[names[0]!]!, prompt, ...more }),
    refusalOf(error) {
      if (!APICallError.isInstance(error)) return undefined;
      const { statusCode, message, responseBody = "{}" } = error;
      const { code } = JSON.parse(responseBody) as { code?: string };
      return { error: "APICallError", status: statusCode, message, code };
    },
  };
}

async function generate(model: LanguageModel, prompt: string): Promise<Reading> {
  const { text, usage } = await generateText({ model, prompt });
  return { text, inputTokens: usage.inputTokens, outputTokens: usage.outputTokens };
}

async function stream(model: LanguageModel, prompt: string): Promise<Reading> {
  const result = streamText({ model, prompt, onError: () => {} });
  const pieces: string[] = [];
  for await (const part of result.stream) {
    if (part.type === "text-delta") pieces.push(part.text);
    if (part.type === "error") throw part.error;
  }
  const { inputTokens, outputTokens } = await result.usage;
  return { text: pieces.join(""), pieces, inputTokens, outputTokens };
}
