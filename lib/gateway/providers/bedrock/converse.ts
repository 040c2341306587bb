import type { Operation } from "../operation.ts";
import { ANYTHING, COUNT, list, needs, object, SCALAR, scalars, systemText } from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { MODEL_IN_PATH } from "./model_in_path.ts";

// Objects in S3 are read with the operator's rights.
const SOURCE = object({ bytes: SCALAR, s3Location: needs("state", ANYTHING) });

const IMAGE = needs("images", object({ format: SCALAR, source: SOURCE }));
const VIDEO = needs("files", object({ format: SCALAR, source: SOURCE }));

const TEXT = object({ text: SCALAR });

const DOCUMENT = needs(
  "files",
  object({
    format: SCALAR,
    name: SCALAR,
    context: SCALAR,
    citations: object({ enabled: SCALAR }),
    source: object({
      bytes: SCALAR,
      text: SCALAR,
      content: list(TEXT),
      s3Location: needs("state", ANYTHING),
    }),
  }),
);

const BLOCK = object({
  text: SCALAR,
  image: IMAGE,
  video: VIDEO,
  document: DOCUMENT,
  audio: needs("audio", object({ format: SCALAR, source: SOURCE })),
  toolUse: needs("tools", object({ toolUseId: SCALAR, name: SCALAR, input: ANYTHING })),
  toolResult: needs(
    "tools",
    object({
      toolUseId: SCALAR,
      status: SCALAR,
      content: list(
        object({ text: SCALAR, json: ANYTHING, image: IMAGE, video: VIDEO, document: DOCUMENT }),
      ),
    }),
  ),
  // Clients send both back as they received them.
  reasoningContent: object({
    reasoningText: object({ text: SCALAR, signature: SCALAR }),
    redactedContent: SCALAR,
  }),
  citationsContent: object({ content: list(TEXT), citations: ANYTHING }),
});

// Every other tool runs at the provider, or is a cache point: each needs an entry of its own.
const TOOL = object(
  {
    toolSpec: needs(
      "tools",
      object({
        name: SCALAR,
        description: SCALAR,
        inputSchema: object({ json: ANYTHING }),
        strict: SCALAR,
      }),
    ),
  },
  "tools:",
);

const CHOICE = object({ auto: object({}), any: object({}), tool: object({ name: SCALAR }) });

const BODY = object({
  messages: list(object({ role: scalars(["user", "assistant"]), content: list(BLOCK) })),
  system: systemText(list(TEXT)),
  inferenceConfig: object({
    maxTokens: COUNT,
    temperature: SCALAR,
    topP: SCALAR,
    stopSequences: list(SCALAR),
  }),
  toolConfig: object({ tools: list(TOOL), toolChoice: CHOICE }),
  // Both choose another price.
  performanceConfig: needs("service_tier", object({ latency: SCALAR })),
  serviceTier: needs("service_tier", object({ type: SCALAR })),
});

/** `POST …/model/{model}/converse`, for models of any maker. */
export const CONVERSE: Operation = {
  name: "Bedrock converse",
  checked: CHECKED,
  method: "POST",
  path: "/model/{model}/converse",
  modelForm: MODEL_IN_PATH,
  body: BODY,
  caps: [["inferenceConfig", "maxTokens"]],
  system: { form: "blocks", member: "system" },
  tiers: [
    { path: ["performanceConfig", "latency"], standard: "standard", isImplied: true },
    { path: ["serviceTier", "type"], standard: "default", isImplied: true },
  ],
  usage: {
    body: "usage",
    events: {
      markers: ['"usage"'],
      places: [["usage"]],
      models: [],
      last: { types: ["metadata"] },
    },
    input: [["inputTokens"], ["cacheReadInputTokens"], ["cacheWriteInputTokens"]],
    output: [["outputTokens"]],
    cached: ["cacheReadInputTokens"],
    cacheWrite: ["cacheWriteInputTokens"],
    longCacheWrite: { list: "cacheDetails", member: "ttl", text: "1h", number: "inputTokens" },
  },
  tokens: {
    // The makers of models publish no common limit. This is more than three times that of Claude.
    image: 16_384,
    leastCap: 16,
    usualCap: 4_096,
    schemas: [],
  },
};

/** The same, as a stream of frames (`application/vnd.amazon.eventstream`). */
export const CONVERSE_STREAM: Operation = {
  ...CONVERSE,
  name: "Bedrock converse-stream",
  path: "/model/{model}/converse-stream",
  cut: "bedrock",
};
