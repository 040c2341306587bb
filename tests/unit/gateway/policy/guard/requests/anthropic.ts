import { CLAUDE_HIDDEN } from "./anthropic_hidden.ts";
import type { Hidden, RequestTable } from "./request_table.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } } };
const TEXT = { type: "text", text: "Hello" };
const CACHE = { type: "ephemeral", ttl: "1h" };

/** Options of both operations. */
const OPTIONS: RequestTable["options"] = [
  { output_config: { effort: "low", format: { type: "json_schema", schema: SCHEMA } } },
  { system: "Be brief." },
  { system: [{ ...TEXT, citations: null }] },
  { thinking: { type: "enabled", budget_tokens: 1024, display: "omitted" } },
  { thinking: { type: "adaptive", display: "summarized" } },
  { thinking: { type: "between_tools" } },
  { thinking: { type: "disabled" } },
  { tool_choice: { type: "auto", disable_parallel_tool_use: true } },
  { tool_choice: { type: "any", disable_parallel_tool_use: true } },
  { tool_choice: { type: "tool", name: "lookup", disable_parallel_tool_use: true } },
  { tool_choice: { type: "none" } },
  {
    messages: [
      { role: "user", content: [TEXT] },
      { role: "system", content: "Be kind." },
      { role: "system", content: [TEXT] },
      {
        role: "assistant",
        content: [
          { type: "thinking", thinking: "So", signature: "AA==" },
          { type: "redacted_thinking", data: "AA==" },
          { ...TEXT, citations: [{ type: "page_location", document_index: 0 }] },
        ],
      },
      {
        role: "user",
        content: [
          {
            type: "search_result",
            source: "https://example.com",
            title: "Example",
            content: [TEXT],
            citations: { enabled: true },
          },
        ],
      },
    ],
  },
];

const field = (name: string, value: unknown, ...entries: string[]): Hidden => ({
  what: name,
  body: { [name]: value },
  param: name,
  entries,
});

/** Fields that neither operation has without an entry. */
const FIELDS: readonly Hidden[] = [
  field(
    "mcp_servers",
    [{ type: "url", url: "https://example.com", name: "x" }],
    "field:mcp_servers",
  ),
  field("fallbacks", [{ model: "claude-opus-5" }], "field:fallbacks"),
  field("compaction", { type: "summarize" }, "field:compaction"),
  field("context_management", { edits: [] }, "field:context_management"),
  field("speed", "fast", "field:speed"),
  field("inference_geo", "us", "field:inference_geo"),
  field("billing_policy", { type: "billing_policy", bill_to: "self" }, "field:billing_policy"),
  field("user_profile_id", "uprof_1", "field:user_profile_id"),
  field("workspace_id", "wrkspc_1", "field:workspace_id"),
  field("thread", { type: "continue", previous_message_id: "msg_1" }, "field:thread"),
  field("diagnostics", { previous_message_id: "msg_1" }, "field:diagnostics"),
  field("fallback_credit_token", { token: "t" }, "field:fallback_credit_token"),
  field("output_format", { type: "json_schema", schema: {} }, "field:output_format"),
  field("cache_control", CACHE, "field:cache_control"),
  field("betas", ["mcp-client-2025-11-20"], "field:betas"),
  {
    what: "a budget of tokens for a task",
    body: { output_config: { task_budget: { type: "tokens", total: 1_000_000 } } },
    param: "output_config.task_budget",
    entries: ["field:output_config.task_budget"],
  },
];

const MINIMAL = { model: "claude-haiku-5-5", messages: [{ role: "user", content: "Hello" }] };

/** Requests of messages. */
export const ANTHROPIC_MESSAGES: RequestTable = {
  operation: "Anthropic messages",
  provider: "anthropic",
  path: "/v1/messages",
  minimal: { ...MINIMAL, max_tokens: 500 },
  options: [
    ...OPTIONS,
    { metadata: { user_id: "user-1" } },
    { stop_sequences: ["END"] },
    { stream: true },
    { temperature: 0.7 },
    { top_k: 40 },
    { top_p: 0.9 },
  ],
  hidden: [
    ...CLAUDE_HIDDEN,
    ...FIELDS,
    field("container", { id: "container_1", skills: [] }, "state"),
    field("service_tier", "auto", "service_tier"),
  ],
};

/** Requests that count tokens. */
export const ANTHROPIC_COUNT_TOKENS: RequestTable = {
  operation: "Anthropic count tokens",
  provider: "anthropic",
  path: "/v1/messages/count_tokens",
  minimal: MINIMAL,
  options: OPTIONS,
  hidden: [...CLAUDE_HIDDEN, ...FIELDS],
};
