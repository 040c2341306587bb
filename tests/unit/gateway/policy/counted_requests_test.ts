import { describe, expect, test } from "bun:test";
import { editResponse } from "../../../../lib/gateway/delivery/edit_response.ts";
import { CHAT_EVENTS } from "../usage/answers.ts";
import { applyTo, CHAT_URL, type CountedRequest, refusalOf } from "./counted.ts";

const messages = [{ role: "user", content: "Hi" }];
const chat = (more: object = {}) => ({ model: "known", messages, ...more });
const TOKENS = { tokens: true, cost: false };
const COST = { tokens: false, cost: true };
const NOTHING = "nothing";
const MESSAGES_URL = "https://api.anthropic.com/v1/messages";
const GENERATE_URL =
  "https://generativelanguage.googleapis.com/v1beta/models/known:generateContent";
const BEDROCK_URL = "https://bedrock-runtime.eu-west-1.amazonaws.com/model/anthropic.known";
const converse = { messages: [{ role: "user", content: [{ text: "Hi" }] }] };
const contents = [{ parts: [{ text: "Hi" }] }];

describe("a request of which tokens or cost are counted is guarded", () => {
  test.each([TOKENS, COST])("%j", async (counts) => {
    const error = await refusalOf({ url: "https://api.openai.com/v1/files", body: {}, counts });
    expect(error).toMatchObject({ code: "operation_not_granted" });
    const unknown = await refusalOf({ body: chat({ secret_feature: 1 }), counts });
    expect(unknown).toMatchObject({ code: "policy_violation", param: "secret_feature" });
    const headers = { upgrade: "websocket" };
    expect(await refusalOf({ headers, counts })).toMatchObject({ code: "websocket_not_granted" });
  });

  test("and keeps what other layers allow", async () => {
    const tools = [{ type: "function", function: { name: "f" } }];
    expect(await refusalOf({ body: chat({ tools }) })).toMatchObject({ param: "tools[0]" });
    const { sent } = await applyTo({ body: chat({ tools }), policy: { allow: ["tools"] } });
    expect(sent().tools).toEqual(tools);
  });

  test("and nothing else is", async () => {
    const { checked, sent } = await applyTo({ body: chat({ any: 1 }), counts: NOTHING });
    expect(sent()).toEqual(chat({ any: 1 }));
    expect(checked).toMatchObject({ edits: [], hasBody: true });
    expect(checked.bound).toBeUndefined();
  });
});

describe("service_tier is the usual one where the cost is counted", () => {
  const allow = ["service_tier"];
  test.each<[string, CountedRequest, object, string[]]>([
    ["absent in chat", { body: chat() }, { service_tier: "default" }, ["service_tier=default"]],
    [
      "dear in chat",
      { body: chat({ service_tier: "priority" }), policy: { allow } },
      { service_tier: "default" },
      ["service_tier=default"],
    ],
    [
      "usual in chat",
      { body: chat({ service_tier: "default" }), policy: { allow } },
      { service_tier: "default" },
      [],
    ],
    [
      "absent in messages",
      { url: MESSAGES_URL, body: chat({ max_tokens: 9 }) },
      { service_tier: "standard_only" },
      ["service_tier=standard_only"],
    ],
    ["absent in Gemini", { url: GENERATE_URL, body: { contents } }, { contents }, []],
    [
      "dear in Gemini",
      { url: GENERATE_URL, body: { contents, serviceTier: "priority" }, policy: { allow } },
      { serviceTier: "standard" },
      ["serviceTier=standard"],
    ],
    ["absent in Bedrock", { url: `${BEDROCK_URL}/converse`, body: converse }, converse, []],
    [
      "dear in Bedrock, as are fast models",
      {
        url: `${BEDROCK_URL}/converse`,
        body: {
          ...converse,
          serviceTier: { type: "priority" },
          performanceConfig: { latency: "optimized" },
        },
        policy: { allow },
      },
      { serviceTier: { type: "default" }, performanceConfig: { latency: "standard" } },
      ["performanceConfig.latency=standard", "serviceTier.type=default"],
    ],
  ])("%s", async (_, request, expected, edits) => {
    const { checked, sent } = await applyTo({ ...request, counts: COST });
    expect(sent()).toMatchObject(expected);
    expect(checked.edits).toEqual(edits);
    const counted = await applyTo({ ...request, counts: TOKENS });
    expect(counted.checked.edits).toEqual([]);
  });
});

describe("the usage of a stream is asked for where it is counted", () => {
  const ASKED = { include_usage: true };
  test.each<[string, object, object | undefined, boolean]>([
    ["a stream", { stream: true }, ASKED, true],
    ["a stream with other options", { stream: true, stream_options: {} }, ASKED, true],
    ["null", { stream: true, stream_options: null }, ASKED, true],
    ["refused", { stream: true, stream_options: { include_usage: false } }, ASKED, true],
    ["asked for", { stream: true, stream_options: ASKED }, ASKED, false],
    ["no stream", { stream: false }, undefined, false],
    ["absent", {}, undefined, false],
  ])("%s", async (_, more, options, isHidden) => {
    const { checked, sent } = await applyTo({ body: chat(more), counts: TOKENS });
    expect(sent().stream_options).toEqual(options);
    const edits = isHidden ? ["stream_options.include_usage=true"] : [];
    expect(checked.edits).toEqual(edits);
    expect(checked.response !== undefined).toBe(isHidden);
  });

  test("and taken out for a client that did not ask", async () => {
    const { response } = (await applyTo({ body: chat({ stream: true }) })).checked;
    const edit = (value: object) => response!.edit(JSON.parse(JSON.stringify(value)));
    const usage = { prompt_tokens: 1, completion_tokens: 1 };
    expect(edit({ choices: [], usage })).toBeUndefined();
    for (const kept of [
      { choices: [{ index: 0 }], usage },
      { choices: [], usage: null },
      { choices: [], prompt_filter_results: [] },
      { error: { message: "no" } },
    ]) {
      expect(edit(kept)).toEqual(kept);
    }
    expect('{"usage":{"prompt_tokens":1}}').toContain(response!.marker);
  });

  test("and the client gets every other event as it was", async () => {
    const { response, usage } = (await applyTo({ body: chat({ stream: true }) })).checked;
    const head = { headers: { "content-type": "text/event-stream" } };
    const edited = editResponse(new Response(CHAT_EVENTS.join(""), head), response!);
    const [first, ...others] = CHAT_EVENTS.filter((event) => !event.includes('"choices":[]'));
    expect(await edited.text()).toBe([first, ...others].join(""));
    const reader = usage!.readerFor({ status: 200, headers: edited.headers })!;
    reader.read(new TextEncoder().encode(CHAT_EVENTS.join("")));
    expect(reader.report()).toMatchObject({ input: 12, output: 7 });
  });

  test("and not where nothing is counted", async () => {
    const policy = { models: ["known"] };
    const { checked, sent } = await applyTo({
      body: chat({ stream: true }),
      policy,
      counts: NOTHING,
    });
    expect(sent()).toEqual(chat({ stream: true }));
    expect(checked.response).toBeUndefined();
  });
});

describe("the answer comes without a coding where its usage is read", () => {
  const forwards = async (request: CountedRequest) => {
    const { checked } = await applyTo({ url: CHAT_URL, body: chat(), ...request });
    return {
      coding: checked.isForwardedHeader?.("accept-encoding") ?? true,
      reads: checked.usage !== undefined,
    };
  };
  const header = { allow: ["header:accept-encoding"] };
  const body = { body: { schema: true } } as object;

  test.each<[string, CountedRequest, boolean]>([
    ["counted", {}, true],
    ["counted, though a rule switches it off", { rule: { usage: false } }, true],
    ["under a policy", { counts: NOTHING, policy: header }, true],
    ["under a policy for any JSON", { counts: NOTHING, policy: body }, true],
    ["switched off", { counts: NOTHING, policy: header, rule: { usage: false } }, false],
    ["switched off for any JSON", { counts: NOTHING, policy: body, rule: { usage: false } }, false],
  ])("%s", async (_, request, reads) => {
    expect(await forwards(request)).toEqual({ coding: !reads, reads });
  });
});
