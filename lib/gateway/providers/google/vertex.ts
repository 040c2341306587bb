import type { Operation } from "../operation.ts";
import { CHECKED } from "./checked.ts";
import { COUNT_TOKENS } from "./count_tokens.ts";
import { GENERATE, STREAM_GENERATE } from "./generate.ts";

/**
 * The operations of Gemini on Vertex AI, below `…/projects/{project}/locations/{location}/publishers/google`. The `url` of
 * a rule ends with this path, so the operator sets the project that is billed and its location. Requests have the same form
 * as for the Gemini API (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference).
 */
export const VERTEX_OPERATIONS: readonly Operation[] = [
  { ...GENERATE, name: "Vertex generateContent", checked: CHECKED },
  { ...STREAM_GENERATE, name: "Vertex streamGenerateContent", checked: CHECKED },
  { ...COUNT_TOKENS, name: "Vertex countTokens", checked: CHECKED },
];
