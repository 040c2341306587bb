import { describe, expect, test } from "bun:test";
import { formatJson } from "../../../../../lib/signing/verify.ts";
import { guarded, refusal } from "./guarded.ts";
import { BEDROCK_TABLES } from "./requests/bedrock.ts";

const CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
const [CONVERSE, STREAM, INVOKE, INVOKE_STREAM] = BEDROCK_TABLES;

/** A request for an operation with this model in the path. */
const requestFor = (model: string, { path, minimal } = CONVERSE!) => ({
  provider: "bedrock" as const,
  path: `/model/${model}/${path.slice(path.lastIndexOf("/") + 1)}`,
  body: minimal,
});

describe("the model in the path of Bedrock", () => {
  test.each([
    ["anthropic.claude-3-haiku-20240307-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"],
    [CLAUDE.replace(":", "%3A"), CLAUDE],
    [CLAUDE.replace(":", "%3a"), CLAUDE],
    ["amazon.nova-lite-v1:0", "amazon.nova-lite-v1:0"],
    ["us.meta.llama3-1-8b-instruct-v1:0", "us.meta.llama3-1-8b-instruct-v1:0"],
    ["qwen.qwen3-32b", "qwen.qwen3-32b"],
  ])("%s is %s", (path, model) => {
    expect(guarded(requestFor(path), { models: [[model]] }).call?.model).toBe(model);
    expect(refusal(requestFor(path), { models: [["other"]] })?.code).toBe("model_not_granted");
  });

  test.each([
    "arn:aws:bedrock:eu-west-1:1:inference-profile/x",
    "arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Aprompt%2Fx",
    "claude",
    "anthropic.claude%2Fx",
    "anthropic.claude:0:1",
    "anthropic.claude%253A0",
    "..",
  ])("is not %s", (model) => {
    expect(refusal(requestFor(model))?.code).toBe("operation_not_granted");
  });

  test.each([INVOKE!, INVOKE_STREAM!])("is Anthropic's: $operation", (table) => {
    expect(refusal(requestFor(CLAUDE, table))).toBeUndefined();
    expect(refusal(requestFor("anthropic.claude-v2:1", table))).toBeUndefined();
    for (const other of ["amazon.nova-lite-v1:0", "a.b.anthropic.x", "notanthropic.claude"]) {
      expect(refusal(requestFor(other, table))?.code).toBe("operation_not_granted");
    }
  });
});

describe("a request to Bedrock is edited:", () => {
  test.each([CONVERSE!, STREAM!])("$operation", (table) => {
    const rules = { maxOutputTokens: 100, system: "Be brief." };
    const { body, edits } = guarded(requestFor(CLAUDE, table), rules);
    expect(JSON.parse(formatJson(body!))).toEqual({
      ...table.minimal,
      inferenceConfig: { maxTokens: 100 },
      system: [{ text: "Be brief." }],
    });
    expect(edits).toEqual(["max_output_tokens=100", "system"]);
  });

  test.each([INVOKE!, INVOKE_STREAM!])("$operation", (table) => {
    const rules = { maxOutputTokens: 100, system: "Be brief." };
    const { body } = guarded(requestFor(CLAUDE, table), rules);
    expect(JSON.parse(formatJson(body!))).toEqual({
      ...table.minimal,
      max_tokens: 100,
      system: "Be brief.",
    });
  });

  test("a cap is filled in, and the caller's system text refused", () => {
    const request = requestFor(CLAUDE);
    const { inferenceConfig: _, ...body } = request.body;
    const capped = guarded({ ...request, body }, { maxOutputTokens: 100 });
    expect(JSON.parse(formatJson(capped.body!))).toMatchObject({
      inferenceConfig: { maxTokens: 100 },
    });
    const own = { ...request, body: { ...body, system: [{ text: "mine" }] } };
    expect(refusal(own, { system: "ours" })?.code).toBe("policy_violation");
  });
});

test.each([
  ["/model/amazon.nova-lite-v1:0/converse-async", {}],
  ["/model/amazon.nova-lite-v1:0/count-tokens", {}],
  ["/async-invoke", {}],
  ["/guardrail/x/version/1/apply", {}],
])("%s is no operation", (path, body) => {
  expect(refusal({ provider: "bedrock", path, body })?.code).toBe("operation_not_granted");
});
