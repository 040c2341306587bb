import type OpenAI from "openai";

/** A message of the conversation. */
export interface Message {
  role: "user" | "assistant";
  content: string;
}

/**
 * Asks for an answer that comes word by word.
 *
 * @param client that sends the request
 * @param chat the model, and the conversation with the question at its end
 * @param signal ends the request and the answer
 */
export function requestAnswer(
  client: OpenAI,
  chat: { model: string; messages: Message[] },
  signal: AbortSignal,
) {
  return client.chat.completions.create({ ...chat, stream: true }, { signal });
}

/** A conversation of one question. */
export function chatOf(model: string, question: string) {
  return { model, messages: [{ role: "user" as const, content: question }] };
}
