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

/** What all requests with messages may have. */
export const MESSAGE_FIELDS = {
  model: SCALAR,
  messages: MESSAGES,
  system: systemText(SYSTEM),
  // The effort and the budget stay below `max_tokens`.
  output_config: object({
    effort: SCALAR,
    format: oneOf("type", { json_schema: object({ type: SCALAR, schema: ANYTHING }) }),
  }),
  thinking: oneOf("type", {
    enabled: object({ type: SCALAR, budget_tokens: COUNT, display: SCALAR }),
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

/** What a request for an answer may have beside them, whoever runs the model. */
export const MESSAGE_OPTIONS = {
  max_tokens: COUNT,
  metadata: object({ user_id: SCALAR }),
  stop_sequences: scalarOrList(SCALAR),
  temperature: SCALAR,
  top_k: SCALAR,
  top_p: SCALAR,
};

/** `POST …/messages`. */
export const MESSAGES_OPERATION: Operation = {
  name: "Anthropic messages",
  checked: CHECKED,
  method: "POST",
  path: "/messages",
  body: object({
    ...MESSAGE_FIELDS,
    ...MESSAGE_OPTIONS,
    stream: SCALAR,
    container: needs("state", ANYTHING),
    service_tier: needs("service_tier", SCALAR),
  }),
  modelIn: ["model"],
  caps: [["max_tokens"]],
  system: { form: "text", member: "system" },
  cut: "anthropic",
  usage: {
    body: "usage",
    model: "model",
    events: {
      // The first event has the input, the last but one the output so far.
      markers: ['"output_tokens"', '"message_stop"'],
      places: [["message", "usage"], ["usage"]],
      models: [["message", "model"]],
      last: { types: ["message_stop"] },
    },
    // The first one leaves out what has to do with a cache.
    input: [["input_tokens"], ["cache_read_input_tokens"], ["cache_creation_input_tokens"]],
    output: [["output_tokens"]],
    cached: ["cache_read_input_tokens"],
    cacheWrite: ["cache_creation_input_tokens"],
    longCacheWrite: ["cache_creation", "ephemeral_1h_input_tokens"],
    reasoning: ["output_tokens_details", "thinking_tokens"],
    steps: ["iterations"],
  },
  tokens: {
    // Of 2026-11-29: https://platform.claude.com/docs/en/build-with-claude/vision#calculate-image-costs
    image: 4_784,
    leastCap: 16,
    usualCap: 4_096,
    thinking: ["thinking", "budget_tokens"],
    schemas: [["output_config", "format"]],
  },
  tiers: [{ path: ["service_tier"], standard: "standard_only" }],
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
    body: object(MESSAGE_FIELDS),
    modelIn: ["model"],
    system: { form: "text", member: "system" },
    isFree: true,
  },
  {
    name: "list of models",
    checked: CHECKED,
    method: "GET",
    path: "/models",
    query: PAGING,
    answer: "models",
    isFree: true,
  },
  { name: "model", checked: CHECKED, method: "GET", path: "/models/{model}", isFree: true },
];
