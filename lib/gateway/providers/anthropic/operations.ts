import type { Operation } from "../operation.ts";
import {
  ANYTHING,
  COUNT,
  list,
  needs,
  object,
  oneOf,
  SCALAR,
  scalarOrList,
  systemText,
} from "../shape.ts";
import { CACHE, MESSAGES, SYSTEM } from "./blocks.ts";
import { CHECKED } from "./checked.ts";

// Tools of other types run at the provider, or have a schema of the provider: each needs an entry of its own.
const TOOLS = list(
  oneOf(
    "type",
    {
      custom: needs(
        "tools",
        object({
          type: SCALAR,
          name: SCALAR,
          description: SCALAR,
          input_schema: ANYTHING,
          input_examples: ANYTHING,
          strict: SCALAR,
          eager_input_streaming: SCALAR,
          ...CACHE,
        }),
      ),
    },
    { untagged: "custom", opens: "tools:" },
  ),
);

const CHOICE = object({ type: SCALAR, disable_parallel_tool_use: SCALAR });

const FIELDS = {
  model: SCALAR,
  messages: MESSAGES,
  system: systemText(SYSTEM),
  // The effort and the budget stay below `max_tokens`.
  output_config: object({
    effort: SCALAR,
    format: oneOf("type", { json_schema: object({ type: SCALAR, schema: ANYTHING }) }),
  }),
  thinking: oneOf("type", {
    enabled: object({ type: SCALAR, budget_tokens: SCALAR, display: SCALAR }),
    adaptive: object({ type: SCALAR, display: SCALAR }),
    between_tools: object({ type: SCALAR }),
    disabled: object({ type: SCALAR }),
  }),
  tool_choice: oneOf("type", {
    auto: CHOICE,
    any: CHOICE,
    none: object({ type: SCALAR }),
    tool: object({ type: SCALAR, disable_parallel_tool_use: SCALAR, name: SCALAR }),
  }),
  tools: TOOLS,
  ...CACHE,
};

const MESSAGES_OPERATION: Operation = {
  name: "Anthropic messages",
  checked: CHECKED,
  method: "POST",
  path: "/messages",
  body: object({
    ...FIELDS,
    max_tokens: COUNT,
    metadata: object({ user_id: SCALAR }),
    stop_sequences: scalarOrList(SCALAR),
    stream: SCALAR,
    temperature: SCALAR,
    top_k: SCALAR,
    top_p: SCALAR,
    container: needs("state", ANYTHING),
    service_tier: needs("service_tier", SCALAR),
  }),
  modelIn: ["model"],
  caps: [["max_tokens"]],
  system: { form: "text", member: "system" },
  cut: "anthropic",
  usage: {
    body: ["usage"],
    // The first event has the input, the last one the output so far.
    events: [["message", "usage"], ["usage"]],
    input: ["input_tokens"],
    output: [["output_tokens"]],
    cached: ["cache_read_input_tokens"],
    reasoning: ["output_tokens_details", "thinking_tokens"],
  },
};

const PAGING = ["after_id", "before_id", "limit"];

/** The operations of Anthropic. */
export const ANTHROPIC_OPERATIONS: readonly Operation[] = [
  MESSAGES_OPERATION,
  {
    name: "Anthropic count tokens",
    checked: CHECKED,
    method: "POST",
    path: "/messages/count_tokens",
    body: object(FIELDS),
    modelIn: ["model"],
    system: { form: "text", member: "system" },
  },
  {
    name: "list of models",
    checked: CHECKED,
    method: "GET",
    path: "/models",
    query: PAGING,
    answer: "models",
  },
  { name: "model", checked: CHECKED, method: "GET", path: "/models/{model}" },
];
