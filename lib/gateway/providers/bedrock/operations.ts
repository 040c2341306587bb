import { MESSAGE_FIELDS, MESSAGE_OPTIONS, MESSAGES_OPERATION } from "../anthropic/operations.ts";
import type { Operation } from "../operation.ts";
import { list, needs, object, SCALAR, scalars } from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { CONVERSE, CONVERSE_STREAM } from "./converse.ts";
import { CLAUDE_IN_PATH } from "./model_in_path.ts";

const { model: _, ...FIELDS } = MESSAGE_FIELDS;
const { tiers: _tiers, modelIn: _modelIn, cut: _cut, usage, ...OF_MESSAGES } = MESSAGES_OPERATION;
// The name in the answer is Anthropic's, and the price is that of the id in the path.
const { model: _model, ...USAGE } = usage!;

/**
 * `POST …/model/{model}/invoke` for models of Anthropic: a request of their messages API without the model and the stream
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html). Bodies for other
 * makers have other forms, and are refused: `converse` has one for all.
 */
const INVOKE: Operation = {
  ...OF_MESSAGES,
  name: "Bedrock invoke",
  checked: CHECKED,
  path: "/model/{model}/invoke",
  modelForm: CLAUDE_IN_PATH,
  body: object({
    ...FIELDS,
    ...MESSAGE_OPTIONS,
    anthropic_version: scalars(["bedrock-2023-05-31"]),
    anthropic_beta: needs("beta", list(SCALAR)),
  }),
  usage: { ...USAGE, events: { ...USAGE.events!, models: [] } },
};

/** The operations of Amazon Bedrock. */
export const BEDROCK_OPERATIONS: readonly Operation[] = [
  CONVERSE,
  CONVERSE_STREAM,
  INVOKE,
  {
    ...INVOKE,
    name: "Bedrock invoke-with-response-stream",
    path: "/model/{model}/invoke-with-response-stream",
    cut: "bedrock",
  },
];
