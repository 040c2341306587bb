import type { Operation } from "../operation.ts";
import {
  ANYTHING,
  COUNT,
  list,
  map,
  needs,
  object,
  offUnless,
  oneOf,
  SCALAR,
  scalarOrList,
  scalars,
  systemText,
} from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { RESPONSES_ITEM } from "./responses_items.ts";
import { TIERS, TOKENS } from "./tokens.ts";
import { RESPONSES_TOOL_CHOICE, RESPONSES_TOOLS } from "./tools.ts";

const BODY = object({
  model: SCALAR,
  input: scalarOrList(RESPONSES_ITEM),
  instructions: systemText(SCALAR),
  max_output_tokens: COUNT,

  include: list(
    scalars(
      [
        "reasoning.encrypted_content",
        "message.output_text.logprobs",
        "message.input_image.image_url",
      ],
      {
        "code_interpreter_call.outputs": "tools:code_interpreter",
        "computer_call_output.output.image_url": "tools:computer",
        "file_search_call.results": "tools:file_search",
        "web_search_call.action.sources": "tools:web_search",
        "web_search_call.results": "tools:web_search",
      },
    ),
  ),
  max_tool_calls: SCALAR,
  metadata: map(SCALAR),
  parallel_tool_calls: SCALAR,
  prompt_cache_key: SCALAR,
  reasoning: object({
    effort: SCALAR,
    summary: SCALAR,
    generate_summary: SCALAR,
    context: SCALAR,
    // Other modes think several times.
    mode: scalars(["standard"]),
  }),
  safety_identifier: SCALAR,
  stream: SCALAR,
  stream_options: object({ include_obfuscation: SCALAR }),
  temperature: SCALAR,
  text: object({
    verbosity: SCALAR,
    format: oneOf("type", {
      text: object({ type: SCALAR }),
      json_object: object({ type: SCALAR }),
      json_schema: object({
        type: SCALAR,
        name: SCALAR,
        description: SCALAR,
        schema: ANYTHING,
        strict: SCALAR,
      }),
    }),
  }),
  tool_choice: RESPONSES_TOOL_CHOICE,
  tools: RESPONSES_TOOLS,
  top_logprobs: SCALAR,
  top_p: SCALAR,
  truncation: SCALAR,
  user: SCALAR,

  background: offUnless("field:background"),
  conversation: needs("state", ANYTHING),
  previous_response_id: needs("state", SCALAR),
  prompt: needs("state", ANYTHING),
  service_tier: needs("service_tier", SCALAR),
  store: offUnless("store"),
});

const LAST = ["response.completed", "response.incomplete", "response.failed"];

/** `POST …/responses`. */
export const RESPONSES: Operation = {
  name: "OpenAI responses",
  checked: CHECKED,
  method: "POST",
  path: "/responses",
  body: BODY,
  modelIn: ["model"],
  caps: [["max_output_tokens"]],
  keptUnless: "store",
  system: { form: "text", member: "instructions" },
  answer: "instructions",
  cut: "responses",
  usage: {
    body: "usage",
    model: "model",
    events: {
      markers: ['"output_tokens"', ...LAST.map((type) => `"${type}"`)],
      places: [["response", "usage"]],
      models: [["response", "model"]],
      last: { types: LAST },
    },
    input: [["input_tokens"]],
    output: [["output_tokens"]],
    total: ["total_tokens"],
    cached: ["input_tokens_details", "cached_tokens"],
    cacheWrite: ["input_tokens_details", "cache_write_tokens"],
    reasoning: ["output_tokens_details", "reasoning_tokens"],
  },
  tokens: { ...TOKENS, schemas: [["text", "format"]] },
  tiers: TIERS,
};
