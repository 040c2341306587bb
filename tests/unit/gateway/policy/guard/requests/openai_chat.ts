import { CHAT_HIDDEN } from "./openai_chat_hidden.ts";
import type { RequestTable } from "./request_table.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const TEXT = { type: "text", text: "Hello" };

const assistant = (message: object) => ({
  messages: [
    { role: "user", content: "Hello" },
    { role: "assistant", content: "", ...message },
  ],
});

const OPTIONS: RequestTable["options"] = [
  { max_completion_tokens: 500 },
  { max_tokens: 500 },
  { n: 1, best_of: 1 },
  { frequency_penalty: 0.5 },
  { logit_bias: { "50256": -100 } },
  { logprobs: true, top_logprobs: 3 },
  { metadata: { page: "start" } },
  { modalities: ["text"] },
  { parallel_tool_calls: false },
  { presence_penalty: 0.5 },
  { prompt_cache_key: "page" },
  { reasoning_effort: "low" },
  { response_format: { type: "text" } },
  { response_format: { type: "json_object" } },
  {
    response_format: {
      type: "json_schema",
      json_schema: { name: "city", description: "A city", schema: SCHEMA, strict: true },
    },
  },
  { safety_identifier: "user-1" },
  { seed: 7 },
  { stop: "END" },
  { stop: ["END", "STOP"] },
  { store: false },
  { stream: true, stream_options: { include_usage: true, include_obfuscation: false } },
  { temperature: 0.7 },
  { tool_choice: "none" },
  { function_call: "none" },
  { top_p: 0.9 },
  { user: "user-1" },
  { verbosity: "low" },
  {
    messages: [
      { role: "system", content: "Be brief.", name: "app" },
      { role: "developer", content: [TEXT], name: "app" },
      { role: "user", content: [TEXT], name: "Ada" },
      {
        role: "assistant",
        name: "bot",
        content: [TEXT, { type: "refusal", refusal: "No." }],
        refusal: null,
      },
      { role: "user", content: "Go on." },
    ],
  },
  // As an answer was received.
  assistant({ content: "Hi", refusal: null, annotations: [] }),
];

/** Requests of chat. */
export const OPENAI_CHAT: RequestTable = {
  operation: "OpenAI chat",
  provider: "openai",
  path: "/v1/chat/completions",
  minimal: { model: "gpt-5-mini", messages: [{ role: "user", content: "Hello" }] },
  options: OPTIONS,
  hidden: CHAT_HIDDEN,
};
