import { RESPONSES_ITEMS } from "./openai_responses_items.ts";
import type { Hidden } from "./request_table.ts";

const FUNCTION = { type: "function", name: "lookup", parameters: {}, strict: true };

const TOOLS: readonly Hidden[] = [
  { what: "a function", body: { tools: [FUNCTION] }, param: "tools[0]", entries: ["tools"] },
  {
    what: "a custom tool",
    body: { tools: [{ type: "custom", name: "run", format: { type: "text" } }] },
    param: "tools[0]",
    entries: ["tools"],
  },
  ...[
    ["web_search", "web_search"],
    ["web_search_2025_08_26", "web_search"],
    ["web_search_preview_2025_03_11", "web_search_preview"],
    ["file_search", "file_search"],
    ["mcp", "mcp"],
    ["code_interpreter", "code_interpreter"],
    ["image_generation", "image_generation"],
    ["computer_use_preview", "computer_use_preview"],
    ["local_shell", "local_shell"],
    ["shell", "shell"],
    ["programmatic_tool_calling", "programmatic_tool_calling"],
    ["tool_search", "tool_search"],
    ["namespace", "namespace"],
    ["apply_patch", "apply_patch"],
  ].map(([type, entry]) => ({
    what: `the hosted tool ${type}`,
    body: { tools: [{ type, server_url: "https://example.com/mcp" }] },
    param: "tools[0].type",
    entries: [`tools:${entry}`],
  })),
  {
    what: "a choice of a hosted tool",
    body: { tool_choice: { type: "file_search" } },
    param: "tool_choice.type",
    entries: ["tools:file_search"],
  },
  {
    what: "a choice among hosted tools",
    body: { tool_choice: { type: "allowed_tools", mode: "auto", tools: [{ type: "mcp" }] } },
    param: "tool_choice.tools[0].type",
    entries: ["tools:mcp"],
  },
  {
    what: "results of a hosted tool",
    body: { include: ["file_search_call.results"] },
    param: "include[0]",
    entries: ["tools:file_search"],
  },
];

const field = (name: string, value: unknown, ...entries: string[]): Hidden => ({
  what: name,
  body: { [name]: value },
  param: name,
  entries,
});

const FIELDS: readonly Hidden[] = [
  field("background", true, "field:background"),
  field("background", "false", "field:background=false"),
  field("background_options", { completion_window: "8h" }, "field:background_options"),
  field("conversation", "conv_1", "state"),
  field("previous_response_id", "resp_1", "state"),
  field("prompt", { id: "pmpt_1", version: "2", variables: {} }, "state"),
  field("store", true, "store"),
  field("store", "false", "field:store=false"),
  field("store", "true", "field:store=true"),
  field("service_tier", "priority", "service_tier"),
  field("context_management", [{ type: "compaction" }], "field:context_management"),
  field("access_programs", { cyber: "daybreak_red" }, "field:access_programs"),
  field("image", { context_compression: "disabled" }, "field:image"),
  field("moderation", { model: "omni-moderation-latest" }, "field:moderation"),
  field("prompt_cache_retention", "24h", "field:prompt_cache_retention"),
  field("prompt_cache_options", { comparison_response_id: "resp_1" }, "field:prompt_cache_options"),
  field("generate", false, "field:generate"),
  {
    what: "a mode of reasoning that thinks several times",
    body: { reasoning: { mode: "pro" } },
    param: "reasoning.mode",
    entries: ["field:reasoning.mode=pro"],
  },
];

/** Requests of responses with something hidden in them. */
export const RESPONSES_HIDDEN: readonly Hidden[] = [...TOOLS, ...RESPONSES_ITEMS, ...FIELDS];
