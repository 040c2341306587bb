import type { Operation } from "../operation.ts";
import { object, SCALAR, scalarOrList } from "../shape.ts";
import { CHAT } from "./chat.ts";
import { CHECKED } from "./checked.ts";
import { RESPONSES } from "./responses.ts";

/** `POST …/embeddings`. */
const EMBEDDINGS: Operation = {
  name: "OpenAI embeddings",
  task: "embeddings",
  checked: CHECKED,
  method: "POST",
  path: "/embeddings",
  body: object({
    model: SCALAR,
    input: scalarOrList(scalarOrList(SCALAR)),
    dimensions: SCALAR,
    encoding_format: SCALAR,
    user: SCALAR,
  }),
  modelIn: ["model"],
  usage: { body: "usage", model: "model", input: [["prompt_tokens"]], output: [] },
};

const MODELS: readonly Operation[] = [
  {
    name: "list of models",
    checked: CHECKED,
    method: "GET",
    path: "/models",
    answer: "models",
    isFree: true,
  },
  { name: "model", checked: CHECKED, method: "GET", path: "/models/{model}", isFree: true },
];

const CALLS = [CHAT, RESPONSES, EMBEDDINGS];

/** The operations of OpenAI and of APIs like it. */
export const OPENAI_OPERATIONS: readonly Operation[] = [...CALLS, ...MODELS];

/** The operations of Azure OpenAI: the same, and those of a deployment, whose name stands for the model. */
export const AZURE_OPERATIONS: readonly Operation[] = [
  ...OPENAI_OPERATIONS,
  // The model stands in the body, as the SDKs send it.
  { ...RESPONSES, name: "Azure OpenAI responses of a resource", path: `/openai${RESPONSES.path}` },
  ...CALLS.map((operation) => ({
    ...operation,
    name: `Azure ${operation.name}`,
    path: `/openai/deployments/{model}${operation.path}`,
  })),
];
