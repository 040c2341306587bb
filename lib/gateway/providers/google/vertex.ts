import type { Operation } from "../operation.ts";
import { CHECKED } from "./checked.ts";
import { COUNT_TOKENS } from "./count_tokens.ts";
import { GENERATE, STREAM_GENERATE } from "./generate.ts";

/**
 * The operations of Gemini on Vertex AI, below `…/projects/{project}/locations/{location}/publishers/google`. That is the
 * `url` of a rule, so that the operator chooses the project that is billed and the place. The requests are those of Gemini
 * (https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference); the types of the SDK serve both.
 */
export const VERTEX_OPERATIONS: readonly Operation[] = [
  { ...GENERATE, name: "Vertex generateContent", checked: CHECKED },
  { ...STREAM_GENERATE, name: "Vertex streamGenerateContent", checked: CHECKED },
  { ...COUNT_TOKENS, name: "Vertex countTokens", checked: CHECKED },
];
