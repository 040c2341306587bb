/** What a caller asks for. */
export interface Question {
  number: number;
  /** The number of pieces of its answer. */
  length: number;
}

/** A question as the provider gets it. */
export interface AskedQuestion extends Question {
  /** Whether the answer has to end with the tokens that were used. */
  wantsUsage: boolean;
}

const PROMPT = "what do you think of this? ".repeat(38);

/** The body of a request for a streamed chat completion, with a prompt of 1 kB. */
export function formatQuestion({ number, length }: Question): string {
  return JSON.stringify({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: `Question ${number}: ${PROMPT}` }],
    max_tokens: length,
    stream: true,
  });
}

/** @throws Error when the body is not a question, or its prompt was changed */
export function parseQuestion(body: string): AskedQuestion {
  const { messages, max_tokens: length, stream, stream_options: options } = JSON.parse(body);
  const [, number, prompt] = /^Question (\d+): (.*)$/.exec(messages[0].content) ?? [];
  if (prompt !== PROMPT || stream !== true) throw new Error(`not a question: ${body}`);
  return { number: Number(number), length, wantsUsage: options?.include_usage === true };
}
