import type { Operation } from "../operation.ts";
import {
  ANYTHING,
  COUNT,
  countAbove,
  list,
  map,
  needs,
  object,
  offUnless,
  oneOf,
  SCALAR,
  scalarOrList,
  scalars,
  scalarsOr,
} from "../shape.ts";
import { CHAT_MESSAGES } from "./chat_messages.ts";
import { CHECKED } from "./checked.ts";
import { TIERS, TOKENS } from "./tokens.ts";
import { CHAT_FUNCTIONS, CHAT_TOOL_CHOICE, CHAT_TOOLS } from "./tools.ts";

const BODY = object({
  model: SCALAR,
  messages: CHAT_MESSAGES,
  max_completion_tokens: COUNT,
  max_tokens: COUNT,
  n: countAbove(1, "n"),
  // Not of OpenAI itself, but of servers with the same API.
  best_of: countAbove(1, "n"),

  frequency_penalty: SCALAR,
  logit_bias: map(SCALAR),
  logprobs: SCALAR,
  metadata: map(SCALAR),
  parallel_tool_calls: SCALAR,
  presence_penalty: SCALAR,
  prompt_cache_key: SCALAR,
  reasoning_effort: SCALAR,
  response_format: oneOf("type", {
    text: object({ type: SCALAR }),
    json_object: object({ type: SCALAR }),
    json_schema: object({
      type: SCALAR,
      json_schema: object({ name: SCALAR, description: SCALAR, schema: ANYTHING, strict: SCALAR }),
    }),
  }),
  safety_identifier: SCALAR,
  seed: SCALAR,
  stop: scalarOrList(SCALAR),
  stream: SCALAR,
  stream_options: object({ include_usage: SCALAR, include_obfuscation: SCALAR }),
  temperature: SCALAR,
  tool_choice: CHAT_TOOL_CHOICE,
  tools: CHAT_TOOLS,
  top_logprobs: SCALAR,
  top_p: SCALAR,
  user: SCALAR,
  verbosity: SCALAR,

  // A voice of the account has an id, in an object.
  audio: needs("audio", object({ format: SCALAR, voice: SCALAR })),
  function_call: scalarsOr(["none", "auto"], object({ name: SCALAR })),
  functions: CHAT_FUNCTIONS,
  modalities: list(scalars(["text"], { audio: "audio" })),
  service_tier: needs("service_tier", SCALAR),
  store: offUnless("store"),
  web_search_options: needs("tools:web_search", ANYTHING),
});

/** `POST …/chat/completions`. */
export const CHAT: Operation = {
  name: "OpenAI chat",
  checked: CHECKED,
  method: "POST",
  path: "/chat/completions",
  body: BODY,
  modelIn: ["model"],
  caps: [["max_completion_tokens"], ["max_tokens"]],
  multiplicity: [["n"], ["best_of"]],
  system: { form: "message", member: "messages" },
  cut: "chat",
  usage: {
    body: "usage",
    model: "model",
    events: {
      // Other events say `"usage": null`.
      markers: ['"prompt_tokens"', "[DONE]"],
      places: [["usage"]],
      models: [["model"]],
      last: { data: "[DONE]" },
    },
    input: [["prompt_tokens"]],
    output: [["completion_tokens"]],
    total: ["total_tokens"],
    cached: ["prompt_tokens_details", "cached_tokens"],
    cacheWrite: ["prompt_tokens_details", "cache_write_tokens"],
    reasoning: ["completion_tokens_details", "reasoning_tokens"],
    audioInput: ["prompt_tokens_details", "audio_tokens"],
    audioOutput: ["completion_tokens_details", "audio_tokens"],
  },
  usageAsked: { stream: "stream", ask: ["stream_options", "include_usage"] },
  tokens: { ...TOKENS, schemas: [["response_format"]] },
  tiers: TIERS,
};
