import type { Hidden } from "./request_table.ts";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const FUNCTION = { type: "function", function: { name: "lookup", parameters: SCHEMA } };
const CALL = { id: "call_1", type: "function", function: { name: "lookup", arguments: "{}" } };
const CUSTOM = { type: "custom", custom: { name: "run" } };
const TEXT = { type: "text", text: "Hello" };

const user = (...content: object[]) => ({ messages: [{ role: "user", content }] });
const assistant = (message: object) => ({
  messages: [
    { role: "user", content: "Hello" },
    { role: "assistant", content: "", ...message },
  ],
});

const TOOLS: readonly Hidden[] = [
  { what: "a function", body: { tools: [FUNCTION] }, param: "tools[0]", entries: ["tools"] },
  { what: "a custom tool", body: { tools: [CUSTOM] }, param: "tools[0]", entries: ["tools"] },
  {
    what: "a hosted tool",
    body: { tools: [{ type: "web_search" }] },
    param: "tools[0].type",
    entries: ["tools:web_search"],
  },
  {
    what: "a hosted tool behind a function",
    body: { tools: [FUNCTION, { type: "code_interpreter", container: { type: "auto" } }] },
    param: "tools[0]",
    entries: ["tools", "tools:code_interpreter"],
  },
  {
    what: "a choice of a function",
    body: { tool_choice: { type: "function", function: { name: "lookup" } } },
    param: "tool_choice",
    entries: ["tools"],
  },
  {
    what: "a choice among hosted tools",
    body: {
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "auto", tools: [{ type: "web_search" }] },
      },
    },
    param: "tool_choice.allowed_tools.tools[0].type",
    entries: ["tools:web_search"],
  },
  {
    what: "functions before tools",
    body: { functions: [{ name: "lookup", parameters: SCHEMA }] },
    param: "functions",
    entries: ["tools"],
  },
  {
    what: "calls of a function",
    body: assistant({ tool_calls: [CALL] }),
    param: "messages[1].tool_calls",
    entries: ["tools"],
  },
  {
    what: "a call of a function before tools",
    body: assistant({ function_call: { name: "lookup", arguments: "{}" } }),
    param: "messages[1].function_call",
    entries: ["tools"],
  },
  {
    what: "the result of a tool",
    body: { messages: [{ role: "tool", tool_call_id: "call_1", content: "4" }] },
    param: "messages[0]",
    entries: ["tools"],
  },
  {
    what: "the result of a function",
    body: { messages: [{ role: "function", name: "lookup", content: "4" }] },
    param: "messages[0]",
    entries: ["tools"],
  },
  {
    what: "web search",
    body: { web_search_options: { search_context_size: "high" } },
    param: "web_search_options",
    entries: ["tools:web_search"],
  },
];

const PARTS: readonly Hidden[] = [
  {
    what: "an image",
    body: user(TEXT, { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } }),
    param: "messages[0].content[1]",
    entries: ["images"],
  },
  {
    what: "an image to fetch",
    body: user({ type: "image_url", image_url: { url: "https://example.com/a.png" } }),
    param: "messages[0].content[0]",
    entries: ["images"],
  },
  {
    what: "sound",
    body: user({ type: "input_audio", input_audio: { data: "AA==", format: "wav" } }),
    param: "messages[0].content[0]",
    entries: ["audio"],
  },
  {
    what: "a file",
    body: user({ type: "file", file: { file_data: "data:;base64,AA==", filename: "a.pdf" } }),
    param: "messages[0].content[0]",
    entries: ["files"],
  },
  {
    what: "a file of the account",
    body: user({ type: "file", file: { file_id: "file-1" } }),
    param: "messages[0].content[0]",
    entries: ["files", "state"],
  },
  {
    what: "a part of an unknown type",
    body: user({ type: "video_url", video_url: { url: "https://example.com/a.mp4" } }),
    param: "messages[0].content[0].type",
    entries: ["field:messages[].content[].type=video_url"],
  },
  {
    what: "a breakpoint of the cache",
    body: user({ ...TEXT, prompt_cache_breakpoint: { mode: "explicit", ttl: "12h" } }),
    param: "messages[0].content[0].prompt_cache_breakpoint",
    entries: ["field:prompt_cache_breakpoint"],
  },
  {
    what: "sound of an earlier answer",
    body: assistant({ audio: { id: "audio_1" } }),
    param: "messages[1].audio",
    entries: ["state"],
  },
  {
    what: "a message with an unknown role",
    body: { messages: [{ role: "critic", content: "Hello" }] },
    param: "messages[0].role",
    entries: ["field:messages[].role=critic"],
  },
];

const FIELDS: readonly Hidden[] = [
  { what: "several answers", body: { n: 2 }, param: "n", entries: ["n"] },
  {
    what: "sound as output",
    body: { modalities: ["text", "audio"] },
    param: "modalities[1]",
    entries: ["audio"],
  },
  {
    what: "a voice",
    body: { audio: { format: "mp3", voice: "alloy" } },
    param: "audio",
    entries: ["audio"],
  },
  {
    what: "images as output",
    body: { modalities: ["image"] },
    param: "modalities[0]",
    entries: ["field:modalities[]=image"],
  },
  { what: "a stored answer", body: { store: true }, param: "store", entries: ["store"] },
  { what: "a text", body: { store: "false" }, param: "store", entries: ["field:store=false"] },
  {
    what: "another service tier",
    body: { service_tier: "priority" },
    param: "service_tier",
    entries: ["service_tier"],
  },
  {
    what: "a prediction",
    body: { prediction: { type: "content", content: "Hello" } },
    param: "prediction",
    entries: ["field:prediction"],
  },
  {
    what: "moderation by another model",
    body: { moderation: { model: "omni-moderation-latest" } },
    param: "moderation",
    entries: ["field:moderation"],
  },
  {
    what: "a longer life in the cache",
    body: { prompt_cache_retention: "24h" },
    param: "prompt_cache_retention",
    entries: ["field:prompt_cache_retention"],
  },
  {
    what: "several completions of which one is returned",
    body: { best_of: 5 },
    param: "best_of",
    entries: ["n"],
  },
  {
    what: "other models of a router",
    body: { models: ["other"], route: "fallback" },
    param: "models",
    entries: ["field:models", "field:route"],
  },
];

/** Requests of chat with something hidden in them. */
export const CHAT_HIDDEN: readonly Hidden[] = [...TOOLS, ...PARTS, ...FIELDS];
