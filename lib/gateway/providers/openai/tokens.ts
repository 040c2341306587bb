import type { Operation, TokenNumbers } from "../operation.ts";

/**
 * Numbers for limits on tokens, of 2026-11-29. An image of the smallest model with the finest detail has 2,833 tokens
 * and 5,667 for each of at most eight tiles (https://platform.openai.com/docs/guides/images-vision#calculating-costs);
 * `max_output_tokens` is at least 16 (https://platform.openai.com/docs/api-reference/responses/create).
 */
export const TOKENS: Omit<TokenNumbers, "schemas"> = {
  image: 48_169,
  leastCap: 16,
  usualCap: 16_384,
};

/** Without it, the settings of the project choose the tier. */
export const TIERS: NonNullable<Operation["tiers"]> = [
  { path: ["service_tier"], standard: "default" },
];
