import { ANTHROPIC_MESSAGES } from "./anthropic.ts";
import type { Hidden, RequestTable } from "./request_table.ts";

const MODEL = "eu.anthropic.claude-sonnet-4-5-20250929-v1%3A0";
const S3 = { s3Location: { uri: "s3://bucket/key" } };

const content = (...blocks: object[]) => ({ messages: [{ role: "user", content: blocks }] });
const tool = (it: object) => ({ toolConfig: { tools: [it] } });
const hidden = (what: string, body: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: { ...body },
  param,
  entries,
});
const BLOCK = "messages[0].content[0]";

const CONVERSE: Omit<RequestTable, "operation" | "path"> = {
  provider: "bedrock",
  minimal: {
    messages: [{ role: "user", content: [{ text: "Hello" }] }],
    inferenceConfig: { maxTokens: 500 },
  },
  options: [
    { inferenceConfig: { maxTokens: 500, temperature: 0.5, topP: 0.9, stopSequences: ["END"] } },
    { system: [{ text: "Be brief." }] },
    { toolConfig: { tools: [], toolChoice: { auto: {} } } },
    { toolConfig: { toolChoice: { any: {} } } },
    { toolConfig: { toolChoice: { tool: { name: "a" } } } },
    {
      messages: [
        { role: "user", content: [{ text: "Hello" }] },
        {
          role: "assistant",
          content: [
            { reasoningContent: { reasoningText: { text: "So", signature: "AA==" } } },
            { reasoningContent: { redactedContent: "AA==" } },
            { citationsContent: { content: [{ text: "Hi" }], citations: [{ title: "a" }] } },
          ],
        },
      ],
    },
  ],
  hidden: [
    hidden(
      "an image",
      content({ image: { format: "png", source: { bytes: "AA==" } } }),
      `${BLOCK}.image`,
      "images",
    ),
    hidden(
      "an image of the operator's bucket",
      content({ image: { format: "png", source: S3 } }),
      `${BLOCK}.image`,
      "images",
      "state",
    ),
    hidden(
      "a document of the operator's bucket",
      content({ document: { format: "pdf", name: "a", source: S3 } }),
      `${BLOCK}.document`,
      "files",
      "state",
    ),
    hidden(
      "a video",
      content({ video: { format: "mp4", source: { bytes: "AA==" } } }),
      `${BLOCK}.video`,
      "files",
    ),
    hidden(
      "audio",
      content({ audio: { format: "mp3", source: { bytes: "AA==" } } }),
      `${BLOCK}.audio`,
      "audio",
    ),
    hidden(
      "the result of a function",
      content({ toolResult: { toolUseId: "1", status: "success", content: [{ json: {} }] } }),
      `${BLOCK}.toolResult`,
      "tools",
    ),
    hidden(
      "a call of a function",
      content({ toolUse: { toolUseId: "1", name: "a", input: {} } }),
      `${BLOCK}.toolUse`,
      "tools",
    ),
    hidden(
      "a function",
      tool({ toolSpec: { name: "a", description: "b", inputSchema: { json: {} } } }),
      "toolConfig.tools[0].toolSpec",
      "tools",
    ),
    hidden(
      "a hosted tool",
      tool({ systemTool: { name: "nova_grounding" } }),
      "toolConfig.tools[0].systemTool",
      "tools:systemTool",
    ),
    hidden(
      "a cache point",
      content({ cachePoint: { type: "default" } }),
      `${BLOCK}.cachePoint`,
      "field:messages[].content[].cachePoint",
    ),
    hidden(
      "fields of the model, which may be anything",
      { additionalModelRequestFields: { max_tokens: 64_000 } },
      "additionalModelRequestFields",
      "field:additionalModelRequestFields",
    ),
    hidden(
      "a guardrail of the account",
      { guardrailConfig: { guardrailIdentifier: "a", guardrailVersion: "1" } },
      "guardrailConfig",
      "field:guardrailConfig",
    ),
    hidden(
      "variables of a stored prompt",
      { promptVariables: { a: { text: "b" } } },
      "promptVariables",
      "field:promptVariables",
    ),
    hidden("a dearer tier", { serviceTier: { type: "priority" } }, "serviceTier", "service_tier"),
    hidden(
      "a dearer latency",
      { performanceConfig: { latency: "optimized" } },
      "performanceConfig",
      "service_tier",
    ),
    hidden(
      "a message of another role",
      { messages: [{ role: "system", content: [{ text: "a" }] }] },
      "messages[0].role",
    ),
    hidden(
      "a cap that is a text",
      { inferenceConfig: { maxTokens: "9" } },
      "inferenceConfig.maxTokens",
    ),
  ],
};

// The path has the model, and tells whether the answer is a stream.
const { model: _, ...minimal } = ANTHROPIC_MESSAGES.minimal;
const ofPath = ({ model, stream, service_tier: tier }: Readonly<Record<string, unknown>>) =>
  model !== undefined || stream !== undefined || tier !== undefined;

const INVOKE: Omit<RequestTable, "operation" | "path"> = {
  provider: "bedrock",
  minimal: { ...minimal, anthropic_version: "bedrock-2023-05-31" },
  options: ANTHROPIC_MESSAGES.options.filter((option) => !ofPath(option)),
  hidden: [
    ...ANTHROPIC_MESSAGES.hidden.filter(
      ({ body, entries }) => !ofPath(body) && !("container" in body) && entries.length > 0,
    ),
    hidden("a model", { model: "claude-opus-4" }, "model", "field:model"),
    hidden("a beta feature", { anthropic_beta: ["a"] }, "anthropic_beta", "beta"),
    hidden("another version", { anthropic_version: "2023-06-01" }, "anthropic_version"),
  ],
};

const path = (operation: string) => `/model/${MODEL}/${operation}`;

/** The requests of the operations of Bedrock. */
export const BEDROCK_TABLES: readonly RequestTable[] = [
  { ...CONVERSE, operation: "Bedrock converse", path: path("converse") },
  { ...CONVERSE, operation: "Bedrock converse-stream", path: path("converse-stream") },
  { ...INVOKE, operation: "Bedrock invoke", path: path("invoke") },
  {
    ...INVOKE,
    operation: "Bedrock invoke-with-response-stream",
    path: path("invoke-with-response-stream"),
  },
];
