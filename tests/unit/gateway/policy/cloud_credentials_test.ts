import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { frame } from "../../../support/event_frame.ts";
import { gatewayUnderTest, signed } from "../in_process_gateway.ts";
import { applyTo } from "./counted.ts";
import { policyOf } from "./policy_gateway.ts";

const CLAUDE = "eu.anthropic.claude-sonnet-4-5-20250929-v1:0";
const BEDROCK = `https://bedrock-runtime.eu-west-1.amazonaws.com/model/${CLAUDE}`;
const PUBLISHER =
  "https://eu-aiplatform.googleapis.com/v1/projects/p/locations/eu/publishers/google/";
const VERTEX = `${PUBLISHER}models/gemini-2.5-flash:generateContent`;
const AZURE =
  "https://r.openai.azure.com/openai/deployments/chat/chat/completions?api-version=2026-10-01";

const KEYS = { accessKeyId: "AKID", secretAccessKey: "secret" };
const AWS = { aws: { region: "eu-west-1", service: "bedrock", keys: KEYS } };
const OAUTH = { oauth: { token: async () => "token" } };

const CONVERSE = { messages: [{ role: "user", content: [{ text: "Hello" }] }] };
const GENERATE = { contents: [{ role: "user", parts: [{ text: "Hello" }] }] };
const CHAT = { messages: [{ role: "user", content: "Hello" }] };
const USAGE = { inputTokens: 1000, outputTokens: 100, totalTokens: 1100 };
const FRAMES = { "content-type": "application/vnd.amazon.eventstream" };

interface Case {
  target: string;
  rule: Partial<UpstreamRule>;
  body: object;
  answer: () => Response;
  /** A part of the body as it is sent. */
  sent: object;
  authorization: RegExp;
  record: object;
}

const json = (value: unknown) => () => Response.json(value);

const CASES: [string, Case][] = [
  [
    "Bedrock converse",
    {
      ...{ target: `${BEDROCK}/converse`, rule: AWS, body: CONVERSE },
      answer: json({ output: {}, usage: USAGE }),
      sent: { inferenceConfig: { maxTokens: 100 }, system: [{ text: "Be brief." }] },
      authorization: /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/eu-west-1\/bedrock\/aws4_request, /,
      record: { inputTokens: 1000, outputTokens: 100, costUsd: 0.00495 },
    },
  ],
  [
    "Bedrock converse-stream",
    {
      ...{ target: `${BEDROCK}/converse-stream`, rule: AWS, body: CONVERSE },
      answer: () =>
        new Response(new Uint8Array(frame("metadata", { usage: USAGE })), { headers: FRAMES }),
      sent: { inferenceConfig: { maxTokens: 100 } },
      authorization: /^AWS4-HMAC-SHA256 /,
      record: { inputTokens: 1000, outputTokens: 100, costUsd: 0.00495 },
    },
  ],
  [
    "Vertex",
    {
      ...{ target: VERTEX, rule: { ...OAUTH, url: new URL(PUBLISHER) }, body: GENERATE },
      answer: json({ usageMetadata: { promptTokenCount: 1000, candidatesTokenCount: 100 } }),
      sent: { generationConfig: { maxOutputTokens: 100 } },
      authorization: /^Bearer token$/,
      record: { inputTokens: 1000, outputTokens: 100 },
    },
  ],
  [
    "Azure by deployment",
    {
      ...{ target: AZURE, rule: OAUTH, body: CHAT },
      answer: json({
        model: "gpt-5-mini",
        usage: { prompt_tokens: 1000, completion_tokens: 100 },
      }),
      sent: { max_completion_tokens: 100 },
      authorization: /^Bearer token$/,
      record: { model: "gpt-5-mini", inputTokens: 1000, outputTokens: 100 },
    },
  ],
];

describe("a guarded request with a credential that is no header:", () => {
  test.each(CASES)("%s", async (_, it) => {
    const { target, rule, body, answer, sent, authorization, record } = it;
    const policies = [policyOf("brief", { max_output_tokens: 100, system: "Be brief." })];
    const url = new URL("/", target);
    const gateway = gatewayUnderTest({
      upstreams: [{ url, headers: [], policies, ...rule }],
      answer,
    });
    const response = await gateway.send(
      signed({
        ...{ target, method: "POST", body: JSON.stringify(body) },
        headers: { "content-type": "application/json", authorization: "Bearer mine" },
      }),
    );
    expect(response.status).toBe(200);
    await response.arrayBuffer();
    const [{ request } = { request: undefined }] = gateway.fetched;
    expect(JSON.parse(new TextDecoder().decode(request!.body as Uint8Array))).toMatchObject(sent);
    expect(request!.headers.get("authorization")).toMatch(authorization);
    expect(gateway.records[0]).toMatchObject(record);
  });

  test("another project of Vertex is none", async () => {
    const policies = [policyOf("brief", { max_output_tokens: 100 })];
    const rule = { url: new URL("/", VERTEX), headers: [], policies, ...OAUTH };
    const { send, fetched } = gatewayUnderTest({ upstreams: [rule] });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify(GENERATE);
    const response = await send(signed({ target: VERTEX, method: "POST", body, headers }));
    expect(response.status).toBe(403);
    expect(((await response.json()) as { code: string }).code).toBe("operation_not_granted");
    expect(fetched).toEqual([]);
  });
});

describe("what Bedrock can bill is bounded:", () => {
  test.each([
    ["converse", CONVERSE],
    ["invoke", { ...CHAT, anthropic_version: "bedrock-2023-05-31", max_tokens: 500 }],
  ])("%s", async (operation, body) => {
    const url = `${BEDROCK}/${operation}`;
    const { checked, sent } = await applyTo({ url, body, counts: { tokens: true, cost: true } });
    const { bound } = checked;
    expect(bound!.inputTokens).toBeGreaterThan(JSON.stringify(body).length - 1);
    expect(bound!.cost!.perOutputToken).toBeGreaterThan(0);
    expect(bound!.elastic!.most).toBe(operation === "invoke" ? 500 : 4096);
    checked.lowerCap!(50);
    const cap = operation === "invoke" ? sent().max_tokens : sent().inferenceConfig.maxTokens;
    expect(cap).toBe(50);
  });

  test("a model without a price has no cost", async () => {
    const url = BEDROCK.replace(CLAUDE, "some.unknown-model-v1:0");
    const { checked } = await applyTo({ url: `${url}/converse`, body: CONVERSE });
    expect(checked.bound!.cost).toBeUndefined();
  });
});
