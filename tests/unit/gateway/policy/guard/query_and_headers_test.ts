import { describe, expect, test } from "bun:test";
import { entryIn, guarded, refusal, type TestRequest } from "./guarded.ts";

const CHAT = { model: "gpt-5", messages: [] };
const POST = { provider: "openai", path: "/v1/chat/completions", body: CHAT } as const;
const MODELS = { provider: "openai", path: "/v1/models" } as const;

const withQuery = (request: TestRequest, query: string) => ({
  ...request,
  path: request.path + query,
});

describe("the query", () => {
  test.each<[TestRequest, string]>([
    [POST, ""],
    [POST, "?"],
    [POST, "?alt=sse"],
    [POST, "?alt=json"],
    [POST, "?api-version=2026-10-01-preview"],
    [POST, "?api-version=v1&alt=sse"],
    [{ provider: "anthropic", path: "/v1/models" }, "?limit=20&after_id=claude-x"],
    [{ provider: "anthropic", path: "/v1/models" }, "?before_id=claude-x"],
    [{ provider: "google", path: "/v1beta/models" }, "?pageSize=5&pageToken=Ch%3D%3D"],
  ])("%j%s passes", (request, query) => {
    expect(refusal(withQuery(request, query))).toBeUndefined();
  });

  test.each<[TestRequest, string, string]>([
    [POST, "?alt=media", "?alt"],
    [POST, "?alt=SSE", "?alt"],
    [POST, "?alt=", "?alt"],
    [POST, "?alt", "?alt"],
    [POST, "?alt=sse&alt=json", "?alt"],
    [POST, "?alt=%73se", "?alt"],
    [POST, "?%61lt=sse", "?"],
    [POST, "?Alt=sse", "?Alt"],
    [POST, "?$alt=sse", "?"],
    [POST, "?alt=sse&", "?"],
    [POST, "?&alt=sse", "?"],
    [POST, "?alt=sse;api-version=1", "?alt"],
    [POST, "?api-version=", "?api-version"],
    [POST, "?api-version=a/b", "?api-version"],
    [POST, "?beta=false", "?beta"],
    [POST, "?key=x", "?key"],
    [POST, "?access_token=x", "?access_token"],
    [POST, "?fields=a", "?fields"],
    [POST, "?model=gpt-5", "?model"],
    [POST, "?limit=5", "?limit"],
    [POST, "?constructor=1", "?constructor"],
    [MODELS, "?limit=5", "?limit"],
    [{ provider: "anthropic", path: "/v1/models" }, "?limit=5&limit=6", "?limit"],
    [{ provider: "anthropic", path: "/v1/models" }, "?after_id=a(b", "?after_id"],
    [{ provider: "google", path: "/v1beta/models" }, "?filter=x", "?filter"],
  ])("%j%s is refused", (request, query, param) => {
    expect(refusal(withQuery(request, query))).toMatchObject({ code: "policy_violation", param });
  });

  test("turns on beta features with an entry", () => {
    const error = refusal(withQuery(POST, "?beta=true"));
    expect(entryIn(error!)).toBe("beta");
    expect(refusal(withQuery(POST, "?beta=true"), { allow: new Set(["beta"]) })).toBeUndefined();
  });
});

describe("the headers", () => {
  const FORWARDED = [
    ...["accept", "content-type", "user-agent", "anthropic-version", "idempotency-key"],
    ...["anthropic-dangerous-direct-browser-access", "x-stainless-lang", "x-stainless-retry-count"],
    "x-goog-api-client",
  ];
  const REMOVED = [
    ...["authorization", "anthropic-beta", "openai-beta", "openai-organization", "openai-project"],
    ...[
      "x-goog-user-project",
      "x-server-timeout",
      "x-goog-upload-command",
      "range",
      "if-none-match",
    ],
    ...[
      "accept-encoding",
      "accept-language",
      "traceparent",
      "cookie",
      "x-stainless",
      "mcp-session-id",
    ],
    ...["content-encoding", "x-http-method-override", "acceptx", "x-goog-api-clientx"],
  ];
  const isForwarded = (request: TestRequest, allow: readonly string[] = []) =>
    guarded(request, { allow: new Set(allow), models: [["gpt-5"]] }).isForwardedHeader;

  test.each(FORWARDED)("%s is forwarded", (name) => expect(isForwarded(POST)(name)).toBe(true));
  test.each(REMOVED)("%s is not, unless it is opened", (name) => {
    expect(isForwarded(POST)(name)).toBe(false);
    expect(isForwarded(POST, [`header:${name}`])(name)).toBe(true);
    expect(isForwarded(POST, [`header:x${name}`, name, "header:*"])(name)).toBe(false);
  });

  test("of beta features are opened with them", () => {
    expect(["anthropic-beta", "openai-beta", "x-beta"].map(isForwarded(POST, ["beta"]))).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("that make an answer unreadable are never forwarded where it is read", () => {
    const names = ["range", "if-none-match", "if-modified-since", "if-range", "accept-encoding"];
    const allow = names.map((name) => `header:${name}`);
    expect(names.filter(isForwarded(POST, allow))).toEqual(names);
    expect(guarded(MODELS, { models: [["gpt-5"]] }).response).toBeDefined();
    expect(names.filter(isForwarded(MODELS, allow))).toEqual([]);
  });
});
