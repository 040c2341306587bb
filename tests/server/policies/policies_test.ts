import { afterAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { signWithSecret } from "../../support/token_signer.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { folderWith } from "../../support/folder.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const SECRET = "a secret for tests, of 32 bytes.";
const PROMPT = "You are Otto, and the launch code is canary-7f3a9c.";
const NEW_PROMPT = "You are Ada, and the launch code is canary-1b2d4e.";

const upstream = await startUpstream([
  respond('{"object":"list","data":[{"id":"gpt-5"},{"id":"o4"}]}', {
    headers: ["Content-Type: application/json", 'ETag: "a"'],
  }),
]);
const folder = await folderWith({ "prompt.txt": `${PROMPT}\n` });
const prompt = `\${file:${folder.path("prompt.txt")}}`;

const support = { name: "support", models: ["gpt-5*"], max_output_tokens: 800, system: prompt };
const notes = {
  name: "notes",
  body: {
    patch: [{ op: "add", path: "/store", value: false }],
    schema: { properties: { text: { maxLength: 5 } }, required: ["text"] },
  },
};
const config = (policies: ConfigInput["policy"]): ConfigInput => ({
  max_policy_body: 100_000,
  app: [
    {
      id: "web",
      secrets: [SECRET],
      upstream: [
        { url: upstream.url, provider: "openai" },
        { url: `${upstream.url}/notes/`, policy: ["notes"] },
      ],
    },
  ],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none", policy: ["notes"] }],
  policy: policies,
});
const gateway = await startConfigured(config([support, notes]));

afterAll(async () => {
  const log = gateway.stdout() + gateway.stderr();
  await gateway.stop();
  await upstream.stop();
  await folder[Symbol.asyncDispose]();
  expect(log).not.toMatch(/canary|Otto|launch/);
});

const token = (sw: object) =>
  signWithSecret(SECRET, { iss: "web", exp: Math.floor(Date.now() / 1000) + 60, sw });

async function post(path: string, body: string, sw?: object): Promise<HttpMessage> {
  const authorization = sw ? [`Authorization: Bearer ${await token(sw)}`] : [];
  const headers = ["Content-Type: application/json", ...authorization];
  return await plainExchange(gateway, "POST", path, { headers, body });
}

const host = upstream.url.replace("http://", "");
const last = () => upstream.requests.at(-1)!;
const CHAT = { model: "gpt-5-mini", messages: [{ role: "user", content: "Hi" }] };

describe("a policy that a token names", () => {
  const path = `/${host}/v1/chat/completions`;
  test("caps and prompts, and the client learns the edits alone", async () => {
    const response = await post(path, ` ${JSON.stringify(CHAT)}`, { policy: ["support"] });
    expect(response.status).toBe(200);
    expect(response.all("x-sw-edited").join()).toContain("max_output_tokens=800");
    const body = last().body.toString();
    expect(JSON.parse(body)).toMatchObject({
      max_completion_tokens: 800,
      messages: [{ role: "system", content: PROMPT }, CHAT.messages[0]],
    });
    expect(last().all("content-length")).toEqual([String(body.length)]);
    expect(last().all("content-type")).toEqual(["application/json"]);
    expect(last().all("accept-encoding")).toEqual(["identity"]);
  });

  test("refuses another model, and a body that parsers read differently", async () => {
    const before = upstream.requests.length;
    const other = await post(path, JSON.stringify({ ...CHAT, model: "o4" }), {
      policy: ["support"],
    });
    expect([other.status, problemOf(other)["code"]]).toEqual([403, "model_not_granted"]);
    const twice = await post(path, '{"model":"gpt-5-mini","Model":"o4"}', { policy: ["support"] });
    expect([twice.status, problemOf(twice)["code"]]).toEqual([400, "body_malformed"]);
    const unknown = await post(path, "{}", { policy: ["others"] });
    expect([unknown.status, problemOf(unknown)["code"]]).toEqual([401, "policy_unknown"]);
    const large = await post(path, JSON.stringify({ ...CHAT, user: "x".repeat(100_000) }), {
      policy: ["support"],
    });
    expect([large.status, problemOf(large)["code"]]).toEqual([413, "body_too_large"]);
    expect(upstream.requests.length).toBe(before);
  });

  test("shows the granted models", async () => {
    const headers = [`Authorization: Bearer ${await token({ policy: ["support"] })}`];
    const response = await plainExchange(gateway, "GET", `/${host}/v1/models`, { headers });
    expect(JSON.parse(response.body.toString())).toEqual({
      object: "list",
      data: [{ id: "gpt-5" }],
    });
    expect(response.all("etag")).toEqual([]);
  });

  test("grants no WebSocket that it cannot check", async () => {
    const headers = [
      `Authorization: Bearer ${await token({ policy: ["support"] })}`,
      ...["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    const response = await plainExchange(gateway, "GET", `/${host}/v1/stream`, { headers });
    expect([response.status, problemOf(response)["code"]]).toEqual([403, "websocket_not_granted"]);
  });
});

describe("a policy of a rule or a route", () => {
  test("applies to signed URLs", async () => {
    const send = (body: string) =>
      signedExchange(gateway, `${upstream.url}/notes/1`, {
        method: "POST",
        headers: ["Content-Type: application/json"],
        body,
        sign: { id: "web", secret: SECRET },
      });
    expect((await send('{"text": "abc"}')).status).toBe(200);
    expect(last().body.toString()).toBe('{"text":"abc","store":false}');
    const refused = await send('{"text":"abcdef"}');
    expect(problemOf(refused)).toMatchObject({
      code: "policy_violation",
      error: { param: "/text" },
    });
  });

  test("applies to a route", async () => {
    expect((await post("/open/x", '{"text":"abc"}')).status).toBe(200);
    expect(problemOf(await post("/open/x", "{}"))).toMatchObject({
      status: 403,
      error: { param: "/text" },
    });
  });
});

test("a reload brings other policies", async () => {
  await Bun.write(folder.path("prompt.txt"), `${NEW_PROMPT}\n`);
  const { changed } = await gateway.reconfigure(config([{ ...support, models: ["o4"] }, notes]));
  expect(changed).toEqual(["policy support changed"]);
  const path = `/${host}/v1/chat/completions`;
  const sw = { policy: ["support"] };
  expect((await post(path, JSON.stringify(CHAT), sw)).status).toBe(403);
  await waitUntil("the new model to be granted", async () => {
    const response = await post(path, JSON.stringify({ ...CHAT, model: "o4" }), sw);
    return response.status === 200;
  });
  expect(last().body.toString()).toContain("You are Ada");
});
