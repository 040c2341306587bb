import { requirement } from "../../support/requirement.ts";
import { type Client, commandOf, type Host } from "../heartbeats/clients.ts";

const HOSTS: readonly Host[] = ["node", "python", "older python"];

/** The programs that run the clients, or why there is none. */
export function clientCommands() {
  return Promise.all(
    HOSTS.map(async (host) => {
      const command = await requirement(`the clients in ${host}`, () => commandOf(host));
      return { host, command };
    }),
  );
}

/** What a client made of a stream. */
export interface Outcome {
  text: string;
  error?: string;
  thrown?: Record<string, unknown>;
}

/** Has the clients of a host each read an answer: pairs of a client's name and its base URL. */
export async function converse(command: string[], pairs: readonly string[][]): Promise<Outcome[]> {
  const child = Bun.spawn([...command, JSON.stringify(pairs)], { stdout: "pipe", stderr: "pipe" });
  const [printed, complaints] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  if ((await child.exited) !== 0) throw new Error(complaints);
  return JSON.parse(printed ?? "") as Outcome[];
}

const OF_OPENAI = { name: "APIError", type: "permission_error" };
const OF_AI_SDK = { name: "StreamProviderError", status: 403, isRetryable: false };

/** The error of each client, by the start of its name; in Python by that of its module. */
const ERRORS: Readonly<Record<string, Record<string, unknown>>> = {
  openai: OF_OPENAI,
  anthropic: { name: "APIError", type: "permission_error" },
  "@anthropic": { name: "APIError", type: "permission_error" },
  genai: { name: "ApiError", status: 403 },
  // It has no other error for a stream.
  "generative-ai": { name: "GoogleGenerativeAIError" },
  "@ai-sdk/openai": { ...OF_AI_SDK, type: "permission_error" },
  "@ai-sdk/anthropic": { ...OF_AI_SDK, type: "permission_error" },
  "@ai-sdk/google": { ...OF_AI_SDK, code: 403, type: "PERMISSION_DENIED" },
};
const PYTHON_ERRORS: typeof ERRORS = {
  openai: OF_OPENAI,
  anthropic: { name: "APIStatusError", type: "permission_error" },
  "google-genai": { name: "ClientError", code: 403, status: "PERMISSION_DENIED" },
};

const OLDER_PYTHON_ERRORS: typeof ERRORS = {
  openai: OF_OPENAI,
  anthropic: { name: "APIStatusError" },
  // It takes any JSON for a piece of the answer, and stops at what is none.
  "google-genai": { name: "JSONDecodeError" },
};

/** The error that a client makes of the end of a stream. */
export function errorOf({ host, name }: Client): Record<string, unknown> {
  const errors = { node: ERRORS, python: PYTHON_ERRORS, "older python": OLDER_PYTHON_ERRORS }[host];
  const [, error] = Object.entries(errors).find(([start]) => name.startsWith(start)) ?? [];
  if (!error) throw new Error(`there is no error for ${name}`);
  return error;
}

/** Whether an older client of Google's got the end together with what was before it, and found only that it is no event. */
export function isLeftOver({ name }: Client, error: string | undefined): boolean {
  return /^genai-[12]$/.test(name) && /Incomplete JSON segment at the end$/.test(error ?? "");
}
