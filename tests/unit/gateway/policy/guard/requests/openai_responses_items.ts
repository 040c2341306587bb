import type { Hidden } from "./request_table.ts";

const items = (...input: object[]) => ({ input });
const user = (...content: object[]) => items({ role: "user", content });

const item = (what: string, value: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: items({ role: "user", content: "Hello" }, value),
  param: `input[1]${param}`,
  entries,
});

const ITEMS: readonly Hidden[] = [
  item(
    "tools in the input",
    { type: "additional_tools", role: "developer", tools: [{ type: "web_search" }] },
    ".tools[0].type",
    "tools:web_search",
  ),
  item(
    "another effort in the input",
    { type: "configuration_update", reasoning: { effort: "max" } },
    ".type",
    "field:input[].type=configuration_update",
  ),
  item("a stored item", { type: "item_reference", id: "msg_1" }, "", "state"),
  item("a stored item without a type", { id: "msg_1" }, ".role", "state"),
  item("a stored item with a role", { role: "user", id: "msg_1" }, ".content", "state"),
  item("a stored item of type null", { type: null, id: "msg_1" }, ".role", "state"),
  item(
    "stored reasoning",
    { type: "reasoning", id: "rs_1", summary: [] },
    ".encrypted_content",
    "state",
  ),
  item(
    "a call of a function",
    { type: "function_call", call_id: "c", name: "lookup", arguments: "{}" },
    "",
    "tools",
  ),
  item(
    "the result of a function",
    { type: "function_call_output", call_id: "c", output: "4" },
    "",
    "tools",
  ),
  item(
    "an image as result of a function",
    {
      type: "function_call_output",
      call_id: "c",
      output: [{ type: "input_image", image_url: "https://example.com" }],
    },
    "",
    ...["tools", "images"],
  ),
  item(
    "a call of a custom tool",
    { type: "custom_tool_call", call_id: "c", name: "run", input: "1" },
    "",
    "tools",
  ),
  item(
    "the result of a custom tool",
    { type: "custom_tool_call_output", call_id: "c", output: "4" },
    "",
    "tools",
  ),
  item(
    "an approval of a call of an MCP server",
    { type: "mcp_approval_response", approval_request_id: "a", approve: true },
    "",
    "tools:mcp",
  ),
  item("a program", { type: "program", id: "p", code: "1" }, "", "tools:programmatic_tool_calling"),
  item(
    "a compaction",
    { type: "compaction", encrypted_content: "g" },
    ".type",
    "field:input[].type=compaction",
  ),
  item("a search for tools", { type: "tool_search_call", arguments: {} }, "", "tools:tool_search"),
  item(
    "an image of before",
    { type: "image_generation_call", id: "ig_1" },
    "",
    "tools:image_generation",
  ),
  item(
    "a container",
    { type: "code_interpreter_call", container_id: "c" },
    "",
    "tools:code_interpreter",
  ),
  item("a shell", { type: "shell_call", action: { commands: ["ls"] } }, "", "tools:shell"),
];

const part = (what: string, value: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: user({ type: "input_text", text: "Hello" }, value),
  param: `input[0].content[1]${param}`,
  entries,
});

const PARTS: readonly Hidden[] = [
  part("an image", { type: "input_image", image_url: "data:image/png;base64,AA==" }, "", "images"),
  part(
    "an image to fetch",
    { type: "input_image", image_url: "https://example.com" },
    "",
    "images",
  ),
  part(
    "an image of the account",
    { type: "input_image", file_id: "file-1" },
    "",
    "images",
    "state",
  ),
  part("a file", { type: "input_file", file_data: "AA==", filename: "a.pdf" }, "", "files"),
  part("a file to fetch", { type: "input_file", file_url: "https://example.com" }, "", "files"),
  part("a file of the account", { type: "input_file", file_id: "file-1" }, "", "files", "state"),
  part("sound", { type: "input_audio", input_audio: { data: "AA==", format: "mp3" } }, "", "audio"),
  part(
    "a part of an unknown type",
    { type: "input_video" },
    ".type",
    "field:input[].content[].type=input_video",
  ),
];

/** Requests of responses with something hidden in their input. */
export const RESPONSES_ITEMS: readonly Hidden[] = [...ITEMS, ...PARTS];
