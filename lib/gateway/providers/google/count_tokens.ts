import type { Operation } from "../operation.ts";
import { list, object } from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { CONTENT } from "./parts.ts";

/** `POST …/models/{model}:countTokens`. */
export const COUNT_TOKENS: Operation = {
  name: "Gemini countTokens",
  checked: CHECKED,
  method: "POST",
  path: "/models/{model}:countTokens",
  body: object({ contents: list(CONTENT) }),
  isFree: true,
};
