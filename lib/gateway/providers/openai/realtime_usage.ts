import type { UsagePlaces } from "../operation.ts";

/** Where an event `response.done` has the usage of its response. */
export const REALTIME_USAGE: UsagePlaces = {
  body: "usage",
  model: "model",
  input: [["input_tokens"]],
  output: [["output_tokens"]],
  total: ["total_tokens"],
  cached: ["input_token_details", "cached_tokens"],
};
