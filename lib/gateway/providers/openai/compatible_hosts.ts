import type { Operation } from "../operation.ts";
import { CHAT } from "./chat.ts";

const MAX_TOKENS = {
  caps: [["max_tokens"], ["max_completion_tokens"]],
  needsFirstCap: true,
} as const;

/** DeepSeek ignores `max_completion_tokens` (https://api-docs.deepseek.com/api/create-chat-completion). */
const DEEPSEEK: Operation = { ...CHAT, ...MAX_TOKENS };

const { usageAsked: _asked, tiers: _tiers, ...OF_MISTRAL } = CHAT;

/**
 * Mistral refuses fields that it does not know: `max_completion_tokens`, `service_tier` and `stream_options`. It always reports the
 * usage (https://docs.mistral.ai/api).
 */
const MISTRAL: Operation = { ...OF_MISTRAL, ...MAX_TOKENS };

/** Groq's tiers have other names, and the usual one is that of a request without any (https://console.groq.com/docs/service-tiers). */
const GROQ: Operation = {
  ...CHAT,
  tiers: [{ path: ["service_tier"], standard: "on_demand", isImplied: true }],
};

const CHATS: ReadonlyMap<string, Operation> = new Map([
  ["api.deepseek.com", DEEPSEEK],
  ["api.groq.com", GROQ],
  ["api.mistral.ai", MISTRAL],
  ["codestral.mistral.ai", MISTRAL],
]);

/**
 * The operation as the server at a host accepts it: some OpenAI-compatible servers read other members than OpenAI.
 *
 * @param operation of OpenAI or another provider
 * @param hostname of the target
 */
export function operationAtHost(operation: Operation, hostname: string): Operation {
  // A trailing dot, for the DNS root, does not change the host.
  return operation === CHAT ? (CHATS.get(hostname.replace(/\.$/, "")) ?? operation) : operation;
}
