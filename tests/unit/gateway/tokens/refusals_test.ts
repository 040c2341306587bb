import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { PROBLEMS, type ProblemCode } from "../../../../lib/gateway/problem/problems.ts";
import { problemResponse } from "../../../../lib/gateway/problem/problem_response.ts";
import { problemIn, signed } from "../in_process_gateway.ts";
import { placed } from "./slots.ts";
import { answering, appWith, bearing, EDGE, gatewayOf, grants } from "./token_gateway.ts";
import { minted, NOW, PATH, refusalOf, ruleFor } from "./token_gateway.ts";

const CODES = Object.keys(PROBLEMS) as ProblemCode[];

/** `type` of the member `error`, as the SDKs of LLM APIs know it. */
const TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "invalid_request_error",
  405: "invalid_request_error",
  408: "invalid_request_error",
  413: "invalid_request_error",
  414: "invalid_request_error",
  426: "invalid_request_error",
  431: "invalid_request_error",
  429: "rate_limit_error",
  500: "api_error",
  502: "api_error",
  503: "api_error",
  504: "api_error",
};

describe("every problem document can be read by an SDK:", () => {
  test.each(CODES)("%s", async (code) => {
    const { status, headers, ...response } = problem(code);
    const document = (await response.json()) as Record<string, unknown>;
    const { detail } = PROBLEMS[code];
    expect(document["error"]).toEqual({ type: TYPES[status]!, code, message: detail, param: null });
    expect(String(document["type"])).toMatch(/^urn:signway:problem:/);
    const isFinal =
      status < 500
        ? ![408, 429].includes(status)
        : /^((redirect|credential)_refused|ledger_unavailable)$/.test(code);
    expect(headers.get("x-should-retry")).toBe(isFinal ? "false" : null);
    expect(Number(headers.get("retry-after") ?? 0)).toBeLessThanOrEqual(60);
    const isOfToken = status === 401 && /^(token|secret|policy)_/.test(code);
    expect(headers.get("www-authenticate")).toBe(isOfToken ? 'Bearer error="invalid_token"' : null);
  });

  function problem(code: ProblemCode) {
    const response = problemResponse(code, { requestId: "a" });
    const { status, headers } = response;
    return { status, headers, json: () => response.json() };
  }
});

describe("the document is Anthropic's", () => {
  const anthropic = ruleFor("https://api.anthropic.com/");
  const proxy: UpstreamRule = { ...ruleFor("https://proxy.example:8443/"), provider: "anthropic" };
  const openai = ruleFor("https://api.openai.com/");
  const expired = minted({ claims: { exp: NOW } });
  const late = new Date(NOW * 1000 - 3_600_000);

  test.each<
    readonly [what: string, rules: readonly UpstreamRule[], request: Request, type: RegExp]
  >([
    ["by host", [openai, anthropic], bearing(expired, "/api.anthropic.com/v1/messages"), /^error$/],
    [
      "by host in capitals",
      [openai, anthropic],
      bearing(expired, "/API.Anthropic.com/v1"),
      /^error$/,
    ],
    [
      "with a token in the path",
      [openai, anthropic],
      placed([{ prefix: `/~${expired}` }], { path: "/api.anthropic.com/v1" }),
      /^error$/,
    ],
    ["by the rule", [openai, proxy], bearing(expired, "/proxy.example:8443/v1"), /^error$/],
    ["for the only API of the app", [anthropic], bearing(expired, "/v1/messages"), /^error$/],
    [
      "for a signed URL",
      [openai, anthropic],
      signed({ target: "https://api.anthropic.com/v1", sign: { now: late } }),
      /^error$/,
    ],
    ["not for another host", [openai, anthropic], bearing(expired, "/api.openai.com/v1"), /^urn:/],
    [
      "not for a path of several APIs",
      [openai, anthropic],
      bearing(expired, "/v1/messages"),
      /^urn:/,
    ],
    [
      "not for another signed URL",
      [openai, anthropic],
      signed({ target: "https://api.openai.com/v1", sign: { now: late } }),
      /^urn:/,
    ],
    ["not for a request of nobody", [openai], new Request(`${EDGE}/v1`), /^urn:/],
  ])("%s", async (_, upstreams, request, type) => {
    const response = await gatewayOf([appWith({ upstreams })]).send(request);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(String((await problemIn(response))["type"])).toMatch(type);
  });

  test("for a failure of its upstream", async () => {
    const gateway = gatewayOf([appWith({ upstreams: [openai, anthropic] })], {
      answer: () => new Response("key", { status: 401 }),
    });
    const response = await gateway.send(bearing(minted(), "/api.anthropic.com/v1/messages"));
    expect(await problemIn(response)).toMatchObject({ type: "error", code: "credential_refused" });
  });
});

describe("a page can read a refusal", () => {
  test.each([undefined, ["X-Mine"]])("where %p is exposed", async (expose) => {
    const cors = { origins: ["https://a.example"], ...(expose && { expose }) };
    const gateway = gatewayOf([appWith({ cors })]);
    const headers = { origin: "https://a.example" };
    const token = minted({ claims: { exp: NOW } });
    const response = await gateway.send(bearing(token, PATH, { headers }));
    expect(response.headers.get("access-control-allow-origin")).toBe("https://a.example");
    const exposed = response.headers.get("access-control-expose-headers")!.toLowerCase();
    for (const name of [
      "x-sw-problem",
      "x-sw-request-id",
      "x-should-retry",
      "retry-after",
      "www-authenticate",
    ]) {
      expect(exposed === "*" || exposed.split(", ").includes(name)).toBe(true);
    }
  });
});

describe("--explain adds what is wrong with the token:", () => {
  const explained = async (claims: Record<string, unknown>, explain = true) => {
    const token = minted({ claims });
    const app = appWith({
      tokens: { audience: "expected-audience", require: { tenant: "expected" } },
    });
    const gateway = gatewayOf([app], { explain });
    const { document } = await refusalOf(gateway, bearing(token), token);
    expect(JSON.stringify(document)).not.toContain("expected");
    return document;
  };
  const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

  test.each<readonly [claims: Record<string, unknown>, members: Record<string, string>]>([
    [{ exp: NOW - 1 }, { claim: "exp", expires_at: iso(NOW - 1), now: iso(NOW) }],
    [
      { nbf: NOW + 900, exp: NOW + 999 },
      { claim: "nbf", not_before: iso(NOW + 900) },
    ],
    [
      { iat: NOW + 900, exp: NOW + 999 },
      { claim: "iat", issued_at: iso(NOW + 900) },
    ],
    [{ exp: 2 ** 53 - 1 }, { claim: "exp", expires_at: "9999-12-31T23:59:59.000Z" }],
    [{ exp: -(2 ** 53) + 1 }, { claim: "exp", expires_at: "unknown" }],
    [{ sw: { x: 1 } }, { claim: "sw.x" }],
    [{ sw: { ["x".repeat(41)]: 1 } }, { claim: "sw" }],
    [{ aud: "x" }, { claim: "aud" }],
    [{ tenant: "x" }, { claim: "tenant" }],
    [{ tenant: "expected", sw: { origins: ["https://a.example"] } }, { claim: "sw.origins" }],
    [{ tenant: "expected", sw: { ips: ["10.0.0.1"] } }, { claim: "sw.ips" }],
    [{ tenant: "expected", sw: { to: ["https://b.example"] } }, { claim: "sw.to" }],
  ])("%j", async (claims, members) => {
    expect(await explained(claims)).toMatchObject(members);
    const quiet = await explained(claims, false);
    for (const name of Object.keys(members)) expect(quiet).not.toHaveProperty(name);
  });
});

describe("the record of a refused token", () => {
  const recordOf = async (claims: Record<string, unknown>, path = PATH) => {
    const gateway = gatewayOf();
    await (await gateway.send(bearing(minted({ claims }), path))).text();
    return gateway.records[0]!;
  };
  const named = { sub: "user-1", jti: "id-1" };

  test.each([
    ["token_expired", { exp: NOW }],
    ["token_malformed", { sw: 1 }],
    ["token_audience_mismatch", { aud: "x" }],
    ["target_not_granted", { sw: { to: ["https://b.example"] } }],
    ["origin_not_granted", { sw: { origins: ["https://a.example"] } }],
  ] as const)("%s names the app", async (code, claims) => {
    const record = await recordOf({ ...named, ...claims });
    expect(record).toMatchObject({ app: "test-app", code, outcome: "refused" });
  });

  test.each([
    ["token_signature_mismatch", minted({ claims: named, secret: "x" })],
    ["token_malformed", minted({ claims: { ...named, sw: 1 } })],
  ])("%s names no user, as nothing is verified", async (code, token) => {
    const gateway = gatewayOf();
    await gateway.send(bearing(token));
    expect(gateway.records).toMatchObject([{ app: "test-app", code }]);
    expect(JSON.stringify(gateway.records)).not.toMatch(/user-1|id-1/);
  });

  test.each([
    ["host", "https://b.example/v1/"],
    ["scheme", "http://api.example.com/v1/"],
    ["port", "https://api.example.com:8443/v1/"],
    ["path", "https://api.example.com/v1/item"],
    ["method", "POST https://api.example.com/v1/items"],
  ])("has the target's origin, and the part that `to` does not name: %s", async (part, to) => {
    const record = await recordOf({ ...named, sw: { to: ["https://other.example/", to] } });
    expect(record).toMatchObject({
      app: "test-app",
      code: "target_not_granted",
      upstream: "https://api.example.com",
      reason: `no target of the token matches: different ${part}`,
    });
  });

  test("names the user once the token is verified", async () => {
    const record = await recordOf(named, "/evil.example/");
    expect(record).toMatchObject({
      app: "test-app",
      subject: "user-1",
      tokenId: "id-1",
      code: "target_not_allowed",
    });
  });

  test("escapes what a viewer of logs could act on", async () => {
    const gateway = gatewayOf();
    const token = minted({ claims: { sub: "a\u001b[31m\u202eb\n", jti: "c\u0085d" } });
    await (await gateway.send(bearing(token))).text();
    expect(gateway.records).toMatchObject([
      { subject: "a\\u{1b}[31m\\u{202e}b\\u{a}", tokenId: "c\\u{85}d" },
    ]);
  });
});

test("an upstream's own problem header does not pass", async () => {
  const headers = { "x-sw-problem": "token_expired", "x-should-retry": "true" };
  const response = await answering({ headers }).send(bearing(grants({})));
  expect(response.headers.has("x-sw-problem")).toBe(false);
});
