import { afterAll, describe, expect, test } from "bun:test";
import { parseArguments } from "../../../lib/cli/arguments/parse_arguments.ts";
import { TRY_FLAGS } from "../../../lib/cli/arguments/try_flags.ts";
import { tryOut } from "../../../lib/cli/commands/try.ts";
import { readBytes, readText } from "../../../lib/cli/support/read_file.ts";
import { signToken, signUrl } from "../../../lib/signing/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const KEY = "Bearer canary-of-the-operator";
const PROMPT = "You help with notes.";

const received: { method: string; path: string; body: string }[] = [];
const upstream = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    const { pathname } = new URL(request.url);
    received.push({ method: request.method, path: pathname, body: await request.text() });
    return Response.json({ data: [] });
  },
});
const host = `127.0.0.1:${upstream.port}`;
const api = `http://${host}`;
const headers = { Authorization: KEY };
const gateway = await startConfigured({
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      upstream: [
        { url: `${api}/v1/`, provider: "openai", headers },
        { url: `${api}/capped/`, provider: "openai", headers, policy: ["capped"] },
        { url: `${api}/small/`, headers, max_body: 8 },
        { url: `${api}/mcp`, provider: "mcp", headers },
      ],
    },
  ],
  route: [{ path: "/notes/", upstream: `${api}/kept/`, signature: "none", policy: ["notes"] }],
  policy: [
    { name: "capped", models: ["m"], max_output_tokens: 600, system: PROMPT },
    {
      name: "notes",
      body: {
        patch: [{ op: "add", path: "/kept", value: false }],
        schema: { required: ["text"], properties: { text: { type: "string" } } },
      },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

/** A request, as a client sends it and as `signway try` describes it. */
interface Sent {
  url: string;
  token?: string;
  /** With a token. */
  target?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

async function withToken(sw: object, path: string, body?: unknown): Promise<Sent> {
  const { id, secret } = CREDENTIAL;
  const token = await signToken({ id, secret, ...sw });
  return {
    url: `${gateway.url}/${host}${path}`,
    token,
    target: api + path,
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  };
}

async function signed(path: string, body: unknown): Promise<Sent> {
  const text = JSON.stringify(body);
  const options = { ...CREDENTIAL, method: "POST", body: text, gateway: gateway.url };
  return { url: await signUrl(api + path, options), body: text };
}

/** Sends a request to the gateway, and says what reached the upstream, or the refusal. */
async function sendOf({ url, token, method, body, headers = {} }: Sent) {
  const before = received.length;
  const response = await fetch(url, {
    method: method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(body !== undefined && { "content-type": "application/json" }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  const edited = response.headers.get("x-sw-edited")?.split(", ") ?? [];
  const [forwarded] = received.slice(before);
  return forwarded ? { ...forwarded, edited } : { refusal: withoutId(text) };
}

/** Tries a request, and says the same. */
async function tryOf({ url, token, target, method, body, headers = {} }: Sent) {
  const before = received.length;
  const args = [
    ...["--config", gateway.file, "--json"],
    ...(token === undefined ? ["--url", url] : ["--token", token, "--target", target!]),
    ...(method === undefined ? [] : ["--method", method]),
    ...(body === undefined ? [] : ["--body", "-"]),
    ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
  ];
  const { output, isForwarded } = await tryOut(parseArguments(args, TRY_FLAGS), {
    env: {},
    read: readText,
    readBytes,
    readInput: async () => new TextEncoder().encode(body),
    now: new Date(),
  });
  expect(received.length).toBe(before);
  const text = String(output);
  for (const secret of [KEY, CREDENTIAL.secret, token ?? KEY]) expect(text).not.toContain(secret);
  if (!isForwarded) return { refusal: withoutId(text) };
  const tried = JSON.parse(text);
  // The text of the body is compared too.
  const sent = /\n {2}"body": (.*)\n\}\n$/s.exec(text)?.[1] ?? "";
  const { pathname } = new URL(tried.target);
  return { method: tried.method, path: pathname, body: sent, edited: tried.edited };
}

function withoutId(text: string): object {
  const { request_id: _, ...others } = JSON.parse(text);
  return others;
}

const CHAT = { model: "m", messages: [{ role: "user", content: "Hi" }] };
const chat = (more: object = {}) => ({ ...CHAT, ...more });
const call = (name: string) => ({
  ...{ jsonrpc: "2.0", id: 7, method: "tools/call" },
  params: { name, arguments: {} },
});
const expired = { now: new Date(Date.now() - 900_000) };

const FORWARDED: [what: string, sent: Promise<Sent>][] = [
  ["a token that limits nothing", withToken({}, "/v1/anything", chat())],
  ["a body that is edited", withToken({ maxOutputTokens: 9 }, "/v1/chat/completions", chat())],
  [
    "a body whose numbers stay as they are",
    withToken({ models: ["m"] }, "/v1/chat/completions", '{"temperature":1.0,"model":"m"}'),
  ],
  ["stored answers", withToken({ models: ["m"] }, "/v1/responses", { model: "m", input: "Hi" })],
  ["a list of models", withToken({ models: ["m"] }, "/v1/models")],
  ["a policy by its name", withToken({ policy: ["notes"] }, "/v1/a", { text: "a" })],
  ["a token and a policy of the rule", withToken({}, "/capped/chat/completions", chat())],
  ["a signed URL and a policy of the rule", signed("/capped/chat/completions", chat())],
  ["a tool of MCP", withToken({ tools: ["search"] }, "/mcp", call("search"))],
  ["a body of the largest size", withToken({}, "/small/a", "12345678")],
];

const REFUSED: [code: string, sent: Promise<Sent>][] = [
  ["model_not_granted", withToken({ models: ["n"] }, "/v1/chat/completions", chat())],
  [
    "policy_violation",
    withToken({ models: ["m"] }, "/v1/chat/completions", chat({ tools: [{ type: "web_search" }] })),
  ],
  ["policy_violation", withToken({ body: { schema: false } }, "/v1/a", {})],
  ["operation_not_granted", withToken({ models: ["m"] }, "/v1/files", {})],
  ["operation_not_granted", withToken({ models: ["m"] }, "/small/a", {})],
  ["token_malformed", withToken({ body: { schema: { pattern: "(?=a)" } } }, "/v1/a", '"a"')],
  ["body_malformed", withToken({ policy: ["notes"] }, "/v1/a", '{"text":"a","TEXT":"b"}')],
  ["policy_unknown", withToken({ policy: ["other"] }, "/v1/a", {})],
  ["token_expired", withToken(expired, "/v1/a", {})],
  ["target_not_granted", withToken({ to: [`${api}/v1/a`] }, "/v1/b", {})],
  ["target_not_allowed", withToken({}, "/v2/a", {})],
  ["address_not_granted", withToken({ ips: ["192.0.2.1"] }, "/v1/a", {})],
  ["model_not_granted", signed("/capped/chat/completions", chat({ model: "n" }))],
  ["body_too_large", withToken({}, "/small/a", "123456789")],
];

describe("signway try shows what the gateway forwards:", () => {
  test.each(FORWARDED)("%s", async (_, sending) => {
    const sent = await sending;
    const tried = await tryOf(sent);
    expect(tried).not.toHaveProperty("refusal");
    expect(tried).toEqual(await sendOf(sent));
  });

  test.each([{ text: "a" }, { text: "a", kept: true }])("a route, %j", async (body) => {
    const sent = { url: `${gateway.url}/notes/a?b=c`, body: JSON.stringify(body), method: "PUT" };
    const tried = await tryOf(sent);
    expect(tried).toMatchObject({ method: "PUT", path: "/kept/notes/a", edited: [] });
    expect(tried).toEqual(await sendOf(sent));
  });
});

describe("signway try shows why the gateway refuses:", () => {
  test.each(REFUSED)("%s (row %#)", async (code, sending) => {
    const sent = await sending;
    const tried = await tryOf(sent);
    expect(tried).toMatchObject({ refusal: { code } });
    expect(tried).toEqual(await sendOf(sent));
    expect(JSON.stringify(tried)).not.toContain(PROMPT);
  });

  test("a tool of MCP, with an error of JSON-RPC", async () => {
    const sent = await withToken({ tools: ["search"] }, "/mcp", call("delete"));
    const tried = await tryOf(sent);
    expect(tried).toMatchObject({
      refusal: { id: 7, error: { data: { code: "policy_violation" } } },
    });
    expect(tried).toEqual(await sendOf(sent));
  });

  test("a route's body, and an origin", async () => {
    const route = { url: `${gateway.url}/notes/a`, body: "{}" };
    expect(await tryOf(route)).toMatchObject({ refusal: { code: "policy_violation" } });
    expect(await tryOf(route)).toEqual(await sendOf(route));
    const page = await withToken({ origins: ["https://a.example"] }, "/v1/a", {});
    expect(await tryOf(page)).toMatchObject({ refusal: { code: "origin_not_granted" } });
    const ofPage = { ...page, headers: { origin: "https://a.example" } };
    expect(await tryOf(ofPage)).toEqual(await sendOf(ofPage));
  });
});
