/** What is asked of a model. */
export interface Asked {
  model: string;
  /** What the fake providers repeat. */
  text: string;
  /** The output cap. Default: none, but where the API requires one. */
  cap?: number | undefined;
  /** How many answers. Default: one. */
  count?: number | undefined;
}

/** An operation of an API that is billed. */
export interface BilledCall {
  provider: "openai" | "anthropic" | "google";
  path: (model: string) => string;
  body: (asked: Asked) => object;
  /** Absent: it gives one answer. */
  givesSeveral?: true;
  /** What the last event of the answer has, and no other. */
  lastEvent: RegExp;
}

// Its words are what a model with `cached` in its name reads from a cache.
const SYSTEM = "Repeat this.";
const WHOLE_BODY = /[\]}]\s*$/;

const chat = ({ model, text, cap, count }: Asked) => ({
  model,
  messages: [
    { role: "system", content: SYSTEM },
    { role: "user", content: text },
  ],
  max_completion_tokens: cap,
  n: count,
});
const responses = ({ model, text, cap }: Asked) => ({
  model,
  instructions: SYSTEM,
  input: text,
  max_output_tokens: cap,
});
const messages = ({ model, text, cap = 400 }: Asked) => ({
  model,
  system: SYSTEM,
  messages: [{ role: "user", content: text }],
  max_tokens: cap,
});
const contents = ({ text, cap, count }: Asked) => ({
  systemInstruction: { parts: [{ text: SYSTEM }] },
  contents: [{ role: "user", parts: [{ text }] }],
  generationConfig: { maxOutputTokens: cap, candidateCount: count },
});

const openai = (path: string) => ({ provider: "openai", path: () => path }) as const;
const CHAT = openai("/v1/chat/completions");
const RESPONSES = openai("/v1/responses");
const MESSAGES = { provider: "anthropic", path: () => "/v1/messages" } as const;
const gemini = (operation: string) =>
  ({
    provider: "google",
    path: (model: string) => `/v1beta/models/${model}:${operation}`,
    body: contents,
    givesSeveral: true,
  }) as const;
const streamed = (body: BilledCall["body"]) => (asked: Asked) => ({ ...body(asked), stream: true });

/** Each operation, streamed and not. */
export const BILLED_CALLS: Readonly<Record<string, BilledCall>> = {
  chat: { ...CHAT, body: chat, givesSeveral: true, lastEvent: WHOLE_BODY },
  chatStreamed: { ...CHAT, body: streamed(chat), givesSeveral: true, lastEvent: /\[DONE\]/ },
  chatStreamedWithUsage: {
    ...CHAT,
    body: (asked) => ({ ...streamed(chat)(asked), stream_options: { include_usage: true } }),
    givesSeveral: true,
    lastEvent: /\[DONE\]/,
  },
  responses: { ...RESPONSES, body: responses, lastEvent: WHOLE_BODY },
  responsesStreamed: {
    ...RESPONSES,
    body: streamed(responses),
    lastEvent: /"response\.(in)?completed?"/,
  },
  messages: { ...MESSAGES, body: messages, lastEvent: WHOLE_BODY },
  messagesStreamed: { ...MESSAGES, body: streamed(messages), lastEvent: /"message_stop"/ },
  generateContent: { ...gemini("generateContent"), lastEvent: WHOLE_BODY },
  contentEvents: { ...gemini("streamGenerateContent?alt=sse"), lastEvent: /"finishReason"/ },
  contentList: { ...gemini("streamGenerateContent"), lastEvent: /"finishReason"/ },
};
