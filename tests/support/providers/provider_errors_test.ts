import { afterAll, describe, expect, test } from "bun:test";
import { ANTHROPIC } from "./anthropic.ts";
import { RATE_LIMITED } from "./answer.ts";
import { GEMINI } from "./gemini.ts";
import { OPENAI } from "./openai.ts";
import { type FakeProvider, startProvider } from "./provider_server.ts";

const KEY = "sk-test";
const openai = startProvider(OPENAI, { key: KEY });
const anthropic = startProvider(ANTHROPIC, { key: KEY });
const gemini = startProvider(GEMINI, { key: KEY });

afterAll(async () => {
  for (const provider of [openai, anthropic, gemini]) await provider[Symbol.asyncDispose]();
});

/** A mistake in a request to an API, the status of the response, and the error in it. */
type Row = [
  mistake: string,
  request: { path?: string; body?: unknown; headers?: Record<string, string> },
  status: number,
  error: object,
];

function describeErrors(provider: FakeProvider, right: Required<Row[1]>, rows: Row[]): void {
  test.each(rows)("%s", async (_, request, status, error) => {
    const { path, body, headers } = { ...right, ...request };
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const init = { method: "POST", headers, body: sent };
    const response = await fetch(`${provider.origin}${path}`, init);
    expect(await response.json()).toMatchObject(error);
    expect(response.status).toBe(status);
  });
}

describe("openai", () => {
  const body = { model: "m", messages: [{ role: "user", content: "Hello" }] };
  const right = { path: "/v1/chat/completions", body, headers: { authorization: `Bearer ${KEY}` } };
  const error = (type: string, code: string | null, param: string | null = null) => ({
    error: { type, code, param },
  });
  const invalid = "invalid_request_error";
  const wrongKey = error(invalid, "invalid_api_key");

  describeErrors(openai, right, [
    ["no key", { headers: {} }, 401, wrongKey],
    ["another key", { headers: { authorization: "Bearer t" } }, 401, wrongKey],
    ["two keys", { headers: { ...right.headers, "x-api-key": KEY } }, 401, wrongKey],
    ["a key in the query too", { path: `${right.path}?key=${KEY}` }, 401, wrongKey],
    ["no messages", { body: { model: "m" } }, 400, error(invalid, null, "messages")],
    ["no JSON", { body: "{" }, 400, error(invalid, null)],
    ["no object", { body: "null" }, 400, error(invalid, null)],
    ["no operation", { path: "/v1/chat" }, 404, error(invalid, "unknown_url")],
    [
      "too many requests",
      { body: { ...body, model: RATE_LIMITED } },
      429,
      error("requests", "rate_limit_exceeded"),
    ],
  ]);
});

describe("anthropic", () => {
  const body = { model: "m", max_tokens: 9, messages: [{ role: "user", content: "Hello" }] };
  const version = { "anthropic-version": "2023-06-01" };
  const right = { path: "/v1/messages", body, headers: { ...version, "x-api-key": KEY } };
  const error = (type: string) => ({ type: "error", error: { type }, request_id: "req_1" });
  const invalid = error("invalid_request_error");

  describeErrors(anthropic, right, [
    ["no key", { headers: version }, 401, error("authentication_error")],
    ["no version", { headers: { "x-api-key": KEY } }, 400, invalid],
    ["no max_tokens", { body: { ...body, max_tokens: undefined } }, 400, invalid],
    ["no operation", { path: "/v1/message" }, 404, error("not_found_error")],
    [
      "too many requests",
      { body: { ...body, model: RATE_LIMITED } },
      429,
      error("rate_limit_error"),
    ],
  ]);
});

describe("gemini", () => {
  const path = "/v1beta/models/m:generateContent";
  const body = { contents: [{ role: "user", parts: [{ text: "Hello" }] }] };
  const right = { path, body, headers: { "x-goog-api-key": KEY } };
  const error = (code: number, status: string) => ({ error: { code, status } });
  const invalid = error(400, "INVALID_ARGUMENT");
  const oauth = { authorization: `Bearer ${KEY}` };

  describeErrors(gemini, right, [
    ["no key", { headers: {} }, 403, error(403, "PERMISSION_DENIED")],
    ["another key", { headers: { "x-goog-api-key": "t" } }, 400, invalid],
    ["a key as an OAuth token", { headers: oauth }, 401, error(401, "UNAUTHENTICATED")],
    ["no contents", { body: {} }, 400, invalid],
    ["no operation", { path: "/v1beta/models/m:generate" }, 404, error(404, "NOT_FOUND")],
    [
      "too many requests",
      { path: path.replace("/m:", `/${RATE_LIMITED}:`) },
      429,
      error(429, "RESOURCE_EXHAUSTED"),
    ],
  ]);
});
