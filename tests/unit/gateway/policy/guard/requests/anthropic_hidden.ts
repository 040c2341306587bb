import type { Hidden } from "./request_table.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } } };
const TEXT = { type: "text", text: "Hello" };
const CACHE = { type: "ephemeral", ttl: "1h" };

const user = (...content: object[]) => ({ messages: [{ role: "user", content }] });

const TOOLS: readonly Hidden[] = [
  {
    what: "a tool of the client",
    body: { tools: [{ name: "lookup", input_schema: SCHEMA }] },
    param: "tools[0]",
    entries: ["tools"],
  },
  {
    what: "a tool of the client with its type",
    body: { tools: [{ type: "custom", name: "lookup", input_schema: SCHEMA, strict: true }] },
    param: "tools[0]",
    entries: ["tools"],
  },
  ...[
    ["web_search_20250305", "web_search"],
    ["web_search_20260318", "web_search"],
    ["web_fetch_20260309", "web_fetch"],
    ["code_execution_20260521", "code_execution"],
    ["tool_search_tool_regex_20251119", "tool_search_tool_regex"],
    ["tool_search_tool_bm25", "tool_search_tool_bm25"],
    ["advisor_20260301", "advisor"],
    ["mcp_toolset", "mcp_toolset"],
    ["bash_20250124", "bash"],
    ["computer_toolset_20260801", "computer_toolset"],
    ["browser_toolset_20260801", "browser_toolset"],
    ["memory_20250818", "memory"],
  ].map(([type, entry]) => ({
    what: `the tool ${type}`,
    body: { tools: [{ type, name: "x", model: "claude-opus-5" }] },
    param: "tools[0].type",
    entries: [`tools:${entry}`],
  })),
  {
    what: "a tool that others call",
    body: {
      tools: [
        { name: "lookup", input_schema: SCHEMA, allowed_callers: ["code_execution_20260120"] },
      ],
    },
    param: "tools[0]",
    entries: ["tools", "field:tools[].allowed_callers"],
  },
];

const block = (what: string, value: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: user(TEXT, value),
  param: `messages[0].content[1]${param}`,
  entries,
});

const source = (type: string, members: object) => ({ type, ...members });

const BLOCKS: readonly Hidden[] = [
  block(
    "an image",
    { type: "image", source: source("base64", { media_type: "image/png", data: "AA==" }) },
    "",
    "images",
  ),
  block(
    "an image to fetch",
    { type: "image", source: source("url", { url: "https://example.com" }) },
    "",
    "images",
  ),
  block(
    "an image of the account",
    { type: "image", source: source("file", { file_id: "file_1" }) },
    "",
    ...["images", "state"],
  ),
  block(
    "a document",
    { type: "document", source: source("text", { media_type: "text/plain", data: "Hi" }) },
    "",
    "files",
  ),
  block(
    "a document to fetch",
    { type: "document", source: source("url", { url: "https://example.com" }) },
    "",
    "files",
  ),
  block(
    "a document of the account",
    { type: "document", source: source("file", { file_id: "file_1" }) },
    "",
    ...["files", "state"],
  ),
  block(
    "an image in a document",
    {
      type: "document",
      title: "A",
      context: "B",
      citations: { enabled: true },
      source: source("content", {
        content: [{ type: "image", source: source("url", { url: "https://example.com" }) }],
      }),
    },
    "",
    ...["files", "images"],
  ),
  block("a call of a tool", { type: "tool_use", id: "t", name: "lookup", input: {} }, "", "tools"),
  block(
    "a call of a tool, as it was answered",
    {
      ...{ type: "tool_use", id: "t", name: "lookup", input: {}, toolset_name: null },
      caller: { type: "direct" },
    },
    "",
    "tools",
  ),
  block(
    "a call of a tool by a hosted one",
    {
      ...{ type: "tool_use", id: "t", name: "lookup", input: {} },
      caller: { type: "code_execution_20250825", tool_id: "s" },
    },
    "",
    ...["tools", "tools:code_execution"],
  ),
  block(
    "the result of a tool",
    { type: "tool_result", tool_use_id: "t", content: "4" },
    "",
    "tools",
  ),
  block(
    "an image as result of a tool",
    {
      type: "tool_result",
      tool_use_id: "t",
      content: [{ type: "image", source: source("url", { url: "https://example.com" }) }],
    },
    "",
    ...["tools", "images"],
  ),
  block(
    "a call of a hosted tool",
    { type: "server_tool_use", id: "s", name: "web_search", input: {} },
    ".name",
    "tools:web_search",
  ),
  block(
    "the result of a hosted tool",
    { type: "web_fetch_tool_result", tool_use_id: "s", content: {} },
    "",
    "tools:web_fetch",
  ),
  block(
    "an upload to a container",
    { type: "container_upload", file_id: "file_1" },
    ".type",
    "field:messages[].content[].type=container_upload",
  ),
  block(
    "a compaction",
    { type: "compaction", content: "So far" },
    ".type",
    "field:messages[].content[].type=compaction",
  ),
  block(
    "a breakpoint of the cache",
    { ...TEXT, cache_control: CACHE },
    ".cache_control",
    "field:cache_control",
  ),
  {
    what: "a tool that a system message adds",
    body: { messages: [{ role: "system", content: [{ type: "tool_addition", tool: {} }] }] },
    param: "messages[0].content[0].type",
    entries: ["field:messages[].content[].type=tool_addition"],
  },
  {
    what: "another effort in a system message",
    body: { messages: [{ role: "system", content: "Hi", output_config: { effort: "max" } }] },
    param: "messages[0].output_config",
    entries: ["field:messages[].output_config"],
  },
  {
    what: "a breakpoint of the cache in the system message",
    body: { system: [{ ...TEXT, cache_control: CACHE }] },
    param: "system[0].cache_control",
    entries: ["field:cache_control"],
  },
];

/** Requests with something hidden in their tools and messages. */
export const CLAUDE_HIDDEN: readonly Hidden[] = [...TOOLS, ...BLOCKS];
