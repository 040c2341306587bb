import { describe, expect, test } from "bun:test";
import { exchange, guardedGateway, request } from "./guarded_gateway.ts";

const OPENAI = "/api.openai.com/v1";
const CHAT = { model: "gpt-5-mini", messages: [{ role: "user", content: "Hi" }] };

describe("a guarded request", () => {
  test("gets its caps, and tells what was edited", async () => {
    const sw = { models: ["gpt-5-mini"], max_output_tokens: 800 };
    const { sent, edited, headers } = await exchange(
      guardedGateway(),
      request(sw, `${OPENAI}/chat/completions`, CHAT),
    );
    expect(sent).toMatchObject({ ...CHAT, max_completion_tokens: 800 });
    expect(edited).toContain("max_output_tokens=800");
    expect(headers.get("access-control-expose-headers")).toBe("*");
  });

  test("tells its edits to pages where the operator exposes few headers", async () => {
    const options = { cors: { expose: ["X-Mine"] } };
    const sw = { max_output_tokens: 800 };
    const { headers } = await exchange(
      guardedGateway({ options }),
      request(sw, `${OPENAI}/chat/completions`, CHAT),
    );
    expect(headers.get("access-control-expose-headers")).toContain("X-Sw-Edited");
  });

  test.each<[code: string, param: string | null, sw: object, ofRule: object, body: object]>([
    ["model_not_granted", "model", { models: ["gpt-5-nano"] }, {}, CHAT],
    ["model_not_granted", "model", { models: ["gpt-5*"] }, { models: ["o4*"] }, CHAT],
    ["model_not_granted", "model", {}, { models: ["o4*"] }, CHAT],
    [
      "policy_violation",
      "tools[0].type",
      { models: ["*"] },
      {},
      { ...CHAT, tools: [{ type: "web_search" }] },
    ],
    [
      "policy_violation",
      "service_tier",
      { allow: ["service_tier"] },
      { max_output_tokens: 5 },
      { ...CHAT, service_tier: "priority" },
    ],
    [
      "policy_violation",
      "max_completion_tokens",
      { max_output_tokens: 5 },
      { on_excess: "refuse" },
      { ...CHAT, max_completion_tokens: 6 },
    ],
  ])("is refused with %s at %p", async (code, param, sw, ofRule, body) => {
    const gateway = guardedGateway({ ofRule });
    const { status, text } = await exchange(
      gateway,
      request(sw, `${OPENAI}/chat/completions`, body),
    );
    const { error, detail } = JSON.parse(text);
    expect({ status, code: error.code }).toEqual({ status: 403, code });
    expect(error.message).toBe(detail);
    expect(String(error.param)).toStartWith(String(param));
    expect(gateway.fetched).toEqual([]);
  });

  test("is a known operation, or refused", async () => {
    for (const path of [
      `${OPENAI}/files`,
      `${OPENAI}/chat/completions/`,
      "/api.openai.com/v2/models",
    ]) {
      const gateway = guardedGateway();
      const { code } = await exchange(gateway, request({ models: ["*"] }, path));
      expect(code).toBe("operation_not_granted");
    }
    // Of a provider that is not known, no operation is.
    const url = new URL("https://other.example/");
    const { code } = await exchange(
      guardedGateway({ rule: { url } }),
      request({ models: ["*"] }, "/other.example/v1/models"),
    );
    expect(code).toBe("operation_not_granted");
  });

  test("is guarded after all patches", async () => {
    const ofRule = { body: { patch: [{ op: "add", path: "/model", value: "gpt-5" }] } };
    const sw = { models: ["gpt-5-mini"] };
    const { code } = await exchange(
      guardedGateway({ ofRule }),
      request(sw, `${OPENAI}/chat/completions`, CHAT),
    );
    expect(code).toBe("model_not_granted");
  });

  test("keeps harmless headers, and no others", async () => {
    const { sentHeaders } = await exchange(
      guardedGateway(),
      request({ allow: ["header:x-mine"] }, `${OPENAI}/chat/completions`, CHAT, {
        "user-agent": "a",
        "x-stainless-lang": "js",
        "openai-beta": "responses=v1",
        "x-mine": "1",
        "x-other": "2",
        "accept-encoding": "gzip",
      }),
    );
    expect(Object.fromEntries(sentHeaders!)).toEqual({
      "accept-encoding": "identity",
      authorization: "Bearer injected",
      "content-type": "application/json",
      "user-agent": "a",
      "x-mine": "1",
      "x-stainless-lang": "js",
    });
  });

  test("for the list of models gets the granted ones, without what describes other bytes", async () => {
    const models = ["gpt-5-mini", "gpt-5-nano", "o4"].map((id) => ({ id, object: "model" }));
    const answer = () =>
      Response.json({ object: "list", data: models }, { headers: { etag: '"a"', digest: "x" } });
    const sw = { models: ["gpt-5*"] };
    const { text, headers, sentHeaders } = await exchange(
      guardedGateway({ options: { answer } }),
      request(sw, `${OPENAI}/models`, undefined, { "if-none-match": '"a"', range: "bytes=0-1" }),
    );
    expect(JSON.parse(text).data.map(({ id }: { id: string }) => id)).toEqual([
      "gpt-5-mini",
      "gpt-5-nano",
    ]);
    expect([headers.get("etag"), headers.get("digest")]).toEqual([null, null]);
    expect([sentHeaders!.get("if-none-match"), sentHeaders!.get("range")]).toEqual([null, null]);
    expect(sentHeaders!.get("accept-encoding")).toBe("identity");
  });

  test("whose answer cannot be filtered gets 502, and the hook sees the filtered one", async () => {
    const answer = () =>
      new Response("gpt-5-mini o4", { headers: { "content-type": "text/plain" } });
    const gateway = guardedGateway({ options: { answer } });
    const { status, code, text } = await exchange(
      gateway,
      request({ models: ["a"] }, `${OPENAI}/models`),
    );
    expect([status, code]).toEqual([502, "upstream_broken"]);
    expect(text).not.toContain("o4");
    const seen: string[] = [];
    const hooks = {
      onResponse: async (_: string, response: Response) => {
        seen.push(await response.clone().text());
      },
    };
    const list = () => Response.json({ data: [{ id: "a" }, { id: "b" }] });
    await exchange(
      guardedGateway({ options: { answer: list, hooks } }),
      request({ models: ["a"] }, `${OPENAI}/models`),
    );
    expect(seen).toEqual(['{"data":[{"id":"a"}]}']);
  });

  test("has the operator's system message, of which nothing is told", async () => {
    const PROMPT = "You are Otto, canary-7f3a9c.";
    const ofRule = { system: PROMPT };
    const chat = request({}, `${OPENAI}/chat/completions`, CHAT);
    const { sent, edited } = await exchange(guardedGateway({ ofRule }), chat);
    expect(sent.messages[0]).toEqual({ role: "system", content: PROMPT });
    expect(edited).not.toContain("Otto");
    // The Responses API repeats the instructions.
    const answer = () => Response.json({ id: "r", instructions: PROMPT, output: [] });
    const responses = request({}, `${OPENAI}/responses`, { model: "m", input: "Hi" });
    const { text, sent: body } = await exchange(
      guardedGateway({ ofRule, options: { answer } }),
      responses,
    );
    expect(body.instructions).toBe(PROMPT);
    expect(text).not.toContain("canary");
    for (const body of [
      { ...CHAT, messages: [{ role: "system", content: "x" }] },
      [],
      { ...CHAT, unknown: 1 },
    ]) {
      const gateway = guardedGateway({ ofRule, options: { explain: true } });
      const refused = await exchange(gateway, request({}, `${OPENAI}/chat/completions`, body));
      expect(refused.status).toBe(403);
      expect([refused.text, JSON.stringify(gateway.records)].join()).not.toContain("canary");
    }
  });

  test("is of Anthropic's form for Anthropic", async () => {
    const url = new URL("https://api.anthropic.com/");
    const gateway = guardedGateway({ rule: { url } });
    const body = { model: "claude", max_tokens: 5, messages: [], container: "c" };
    const { text } = await exchange(
      gateway,
      request({ models: ["claude"] }, "/api.anthropic.com/v1/messages", body),
    );
    expect(JSON.parse(text)).toMatchObject({ type: "error", error: { type: "permission_error" } });
  });
});

describe("a request that names a WebSocket and opens none is refused:", () => {
  const SESSION = "/api.openai.com/v1/realtime?model=gpt-realtime";
  const SW = { models: ["gpt-realtime"] };

  test.each<[what: string, body: object | undefined]>([
    // OpenAI opens a session by WebRTC for it, whose events the gateway does not see.
    ["a POST", {}],
    ["a handshake to a server without WebSockets", undefined],
  ])("%s", async (_, body) => {
    const gateway = guardedGateway();
    const headers = { upgrade: "websocket", connection: "upgrade" };
    const { status, code } = await exchange(gateway, request(SW, SESSION, body, headers));
    expect([status, code]).toEqual([403, "websocket_not_granted"]);
    expect(gateway.fetched).toEqual([]);
  });
});
