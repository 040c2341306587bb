import type { Operation } from "../operation.ts";
import { list, object, SCALAR } from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { COUNT_TOKENS } from "./count_tokens.ts";
import { GENERATE, IMAGE, STREAM_GENERATE } from "./generate.ts";
import { CONTENT } from "./parts.ts";

const PAGING = ["pageSize", "pageToken"];

const EMBED = object({
  model: SCALAR,
  content: CONTENT,
  outputDimensionality: SCALAR,
  taskType: SCALAR,
  title: SCALAR,
});

/** The operations of Gemini. */
export const GOOGLE_OPERATIONS: readonly Operation[] = [
  GENERATE,
  STREAM_GENERATE,
  COUNT_TOKENS,
  {
    name: "Gemini embedContent",
    task: "embeddings",
    checked: CHECKED,
    method: "POST",
    path: "/models/{model}:embedContent",
    body: EMBED,
    modelIn: ["model"],
    modelPrefix: "models/",
    image: IMAGE,
  },
  {
    name: "Gemini batchEmbedContents",
    task: "embeddings",
    checked: CHECKED,
    method: "POST",
    path: "/models/{model}:batchEmbedContents",
    body: object({ requests: list(EMBED) }),
    modelsIn: { list: "requests", member: "model" },
    modelPrefix: "models/",
    image: IMAGE,
  },
  {
    name: "list of models",
    checked: CHECKED,
    method: "GET",
    path: "/models",
    query: PAGING,
    modelPrefix: "models/",
    answer: "models",
    isFree: true,
  },
  { name: "model", checked: CHECKED, method: "GET", path: "/models/{model}", isFree: true },
];
