import { RESPONSES_HIDDEN } from "./openai_responses_hidden.ts";
import type { RequestTable } from "./request_table.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } } };

const items = (...input: object[]) => ({ input });

const OPTIONS: RequestTable["options"] = [
  { max_output_tokens: 500 },
  { background: false },
  { include: ["reasoning.encrypted_content", "message.output_text.logprobs"] },
  { instructions: "Be brief." },
  { max_tool_calls: 1 },
  { metadata: { page: "start" } },
  { parallel_tool_calls: false },
  { prompt_cache_key: "page" },
  { reasoning: { effort: "low", summary: "auto", context: "auto", mode: "standard" } },
  { reasoning: { generate_summary: "auto" } },
  { safety_identifier: "user-1" },
  { stream: true, stream_options: { include_obfuscation: false } },
  { temperature: 0.7 },
  { text: { verbosity: "low", format: { type: "text" } } },
  { text: { format: { type: "json_object" } } },
  {
    text: {
      format: {
        type: "json_schema",
        name: "city",
        description: "A city",
        schema: SCHEMA,
        strict: true,
      },
    },
  },
  { tool_choice: "auto" },
  { top_logprobs: 3 },
  { top_p: 0.9 },
  { truncation: "auto" },
  { user: "user-1" },
  items(
    { role: "system", content: "Be brief.", phase: null },
    { type: "message", role: "developer", content: [{ type: "input_text", text: "Be kind." }] },
    {
      type: "message",
      role: "user",
      status: "completed",
      content: [{ type: "input_text", text: "Hello" }],
    },
    {
      type: "reasoning",
      id: "rs_1",
      status: "completed",
      summary: [{ type: "summary_text", text: "Thinking" }],
      content: [{ type: "reasoning_text", text: "Thinking" }],
      encrypted_content: "gAAA",
    },
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      phase: "final_answer",
      content: [
        { type: "output_text", text: "Hello", annotations: [], logprobs: [] },
        { type: "refusal", refusal: "No." },
      ],
    },
    { role: "user", content: "Go on." },
  ),
];

/** Requests of responses. */
export const OPENAI_RESPONSES: RequestTable = {
  operation: "OpenAI responses",
  provider: "openai",
  path: "/v1/responses",
  minimal: { model: "gpt-5-mini", input: "Hello", store: false },
  options: OPTIONS,
  hidden: RESPONSES_HIDDEN,
};
