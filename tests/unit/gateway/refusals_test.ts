import { describe, expect, test } from "bun:test";
import { PROBLEMS, type ProblemCode } from "../../../lib/gateway/problem/problems.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import type { UnderTestOptions } from "./in_process_gateway.ts";
import { GATEWAY, gatewayUnderTest, problemIn, signed, TARGET } from "./in_process_gateway.ts";

const changed = (change: (url: string) => string, init: RequestInit = {}) =>
  new Request(change(signed().url), init);

const parameter = (name: string, value: string) =>
  changed((url) => url.replace(new RegExp(`${name}=[^&]*`), `${name}=${value}`));

const past = new Date(Date.now() - 3_600_000);
const future = new Date(Date.now() + 3_600_000);
const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`x-${i}`, "v"]));

/** One request for each reason to refuse it before anything is sent. */
const REFUSALS: [ProblemCode, () => Request, UnderTestOptions?][] = [
  ["signature_missing", () => new Request(GATEWAY)],
  ["parameter_missing", () => changed((url) => url.replace("X-Sw-Date=", "a="))],
  ["parameter_repeated", () => changed((url) => `${url}&X-Sw-Body=false`)],
  ["parameter_unknown", () => changed((url) => `${url}&X-Sw-Region=eu`)],
  ["parameter_malformed", () => parameter("X-Sw-Body", "maybe")],
  ["algorithm_unknown", () => parameter("X-Sw-Algorithm", "none")],
  ["date_malformed", () => parameter("X-Sw-Date", "today")],
  ["date_in_future", () => signed({ sign: { now: future } })],
  ["scope_mismatch", () => parameter("X-Sw-Credential", "test-app%2F19700101")],
  ["expires_malformed", () => parameter("X-Sw-Expires", "-1")],
  ["expires_too_long", () => signed({ sign: { expires: 604_801 } })],
  ["expired", () => signed({ sign: { now: past } })],
  ["signed_header_missing", () => signed({ sign: { headers: { "x-foo": "foo" } } })],
  ["signature_mismatch", () => signed({ sign: { secret: "another" } })],
  ["target_invalid", () => signed({ target: "ftp://api.example.com/" })],
  ["target_invalid", () => signed({ target: "https://user@api.example.com/v1/" })],
  ["app_unknown", () => signed({ sign: { id: "nobody" } })],
  ["target_not_allowed", () => signed({ target: "https://elsewhere.example.com/" })],
  [
    "target_not_allowed",
    () => signed({ target: "http://127.0.0.1/" }),
    { upstreams: [{ headers: [] }] },
  ],
  ["request_malformed", () => signed({ headers: { Host: "a, b" } })],
  ["request_malformed", () => changed((url) => `${url}#fragment`)],
  ["body_unexpected", () => signed({ headers: { "content-length": "1" } })],
  ["method_not_allowed", () => signed({ method: "PROPFIND" })],
  ["body_too_large", () => bodyOf(11), { limits: { maxSignedBody: 10 } }],
  ["url_too_long", () => signed({ target: `${TARGET}&x=${"x".repeat(16_000)}` })],
  ["headers_too_large", () => signed({ headers: many })],
  ["draining", () => signed(), { phase: () => "draining" }],
  ["draining", () => signed(), { phase: () => "cutting" }],
  [
    "upstream_unreachable",
    () => signed({ target: "https://gone.example.com/" }),
    { upstreams: [{ headers: [] }], resolve: () => Promise.reject(new Error("ENOTFOUND")) },
  ],
];

const ANY = [{ url: new URL(TARGET.split("?")[0]!), headers: [] }];
const ROUTES = [
  {
    id: "/",
    path: "/",
    upstream: new URL("https://api.example.com/"),
    upstreams: ANY,
    signature: { secrets: ["a"], headers: ["signature"] },
  },
];

function unsigned(body: string, headers: Record<string, string> = {}): Request {
  return signed({
    method: "POST",
    body,
    headers: { "content-length": String(body.length), ...headers },
  });
}

function bodyOf(size: number): Request {
  const body = "x".repeat(size);
  const sign = { body, headers: { "content-length": String(size) } };
  return signed({ method: "POST", body, sign });
}

describe("a refused request reaches no upstream, and says why", () => {
  test.each(REFUSALS)("%s", async (code, request, options = {}) => {
    const gateway = gatewayUnderTest(options);
    const response = await gateway.send(request());
    const { status, title, detail } = PROBLEMS[code];
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await problemIn(response)).toMatchObject({ status, title, detail, code });
    expect(gateway.fetched).toHaveLength(0);
    expect(gateway.errors).toHaveLength(0);
    expect(gateway.records).toMatchObject([{ status, code }]);
  });
});

const smallBodies = {
  sources: {
    findApp: (id: string) => ({ id, secrets: [CREDENTIAL.secret], upstreams: ANY, maxBody: 10 }),
  },
};
const smallUpstream = { upstreams: [{ ...ANY[0]!, maxBody: 10 }] };

describe("the detail is true, whatever the cause", () => {
  test.each<[string, () => Request, UnderTestOptions, RegExp]>([
    [
      "a signed body",
      () => bodyOf(11),
      { limits: { maxSignedBody: 10 } },
      /limit on signed bodies/,
    ],
    ["a signed body, of an app", () => bodyOf(11), smallBodies, /limit of the app/],
    [
      "an unsigned body, of an app",
      () => unsigned("x".repeat(11)),
      smallBodies,
      /limit of the app/,
    ],
    ["an unsigned body, of a rule", () => unsigned("x".repeat(11)), smallUpstream, /or upstream/],
    ["a Host header", () => signed({ headers: { Host: "a, b" } }), {}, /Host header/],
    ["a target", () => changed((url) => `${url}#fragment`), {}, /request target/],
    [
      "a signed header that Connection nominates",
      () =>
        signed({ headers: { Connection: "x-a", "X-A": "1" }, sign: { headers: { "x-a": "1" } } }),
      {},
      /Connection header/,
    ],
    [
      "a path that is not UTF-8",
      () => new Request(`${GATEWAY}a%ff`),
      { sources: { routes: ROUTES } },
      /percent-encoded/,
    ],
    ["a cut body", () => unsigned("x", { "content-length": "2" }), {}, /incomplete/],
    [
      "a body that is too long",
      () => unsigned("xx", { "content-length": "1" }),
      {},
      /longer than declared/,
    ],
  ])("%s", async (_, request, options, words) => {
    const response = await gatewayUnderTest(options).send(request());
    const { code, detail } = await problemIn(response);
    expect(["body_too_large", "request_malformed"]).toContain(String(code));
    expect(detail).toMatch(words);
    expect(detail).not.toMatch(/^A signed body/);
  });
});

describe("the first thing that is wrong decides", () => {
  test.each<[string, () => Request, UnderTestOptions, ProblemCode]>([
    [
      "the stop before the method",
      () => signed({ method: "PROPFIND" }),
      { phase: () => "draining" },
      "draining",
    ],
    [
      "the method before the signature",
      () => new Request(GATEWAY, { method: "PROPFIND" }),
      {},
      "method_not_allowed",
    ],
    [
      "the body of a GET before the signature",
      () => new Request(GATEWAY, { headers: { "content-length": "1" } }),
      {},
      "body_unexpected",
    ],
    [
      "the expiry before the app",
      () => signed({ sign: { now: past, id: "nobody" } }),
      {},
      "expired",
    ],
    [
      "the app before a missing header",
      () => signed({ sign: { id: "nobody", headers: { "x-a": "1" } } }),
      {},
      "app_unknown",
    ],
    [
      "the signature before the target",
      () => signed({ target: "https://x.example.com/", sign: { secret: "x" } }),
      {},
      "signature_mismatch",
    ],
    [
      "the target before the headers",
      () => signed({ target: "https://x.example.com/", headers: many }),
      {},
      "target_not_allowed",
    ],
  ])("%s", async (_, request, options, code) => {
    const gateway = gatewayUnderTest(options);
    expect((await problemIn(await gateway.send(request())))["code"]).toBe(code);
    expect(gateway.resolved).toHaveLength(0);
  });

  test("a name is looked up only for what is rightly signed", async () => {
    const gateway = gatewayUnderTest({ upstreams: [{ headers: [] }] });
    const target = "https://canary.example.com/";
    for (const sign of [{ secret: "another" }, { now: past }, { id: "nobody" }]) {
      await gateway.send(signed({ target, sign }));
    }
    expect(gateway.resolved).toEqual([]);
    await gateway.send(signed({ target }));
    expect(gateway.resolved).toEqual(["canary.example.com"]);
  });
});

describe("what a refusal explains", () => {
  const wrong = () => signed({ sign: { secret: "another" } });
  test("with --explain, the stages that the gateway computed", async () => {
    const problem = await problemIn(await gatewayUnderTest({ explain: true }).send(wrong()));
    expect(problem["canonical_request"]).toStartWith("GET\n/\nX-Sw-Algorithm=SW1-HMAC-SHA256&");
    expect(problem["string_to_sign"]).toStartWith("SW1-HMAC-SHA256\n");
  });

  test("without it, nothing", async () => {
    const text = await (await gatewayUnderTest().send(wrong())).text();
    expect(text).not.toMatch(/canonical|string_to_sign|X-Sw-Date/);
  });

  test("the parameter that is at fault", async () => {
    const problem = await problemIn(await gatewayUnderTest().send(parameter("X-Sw-Body", "maybe")));
    expect(problem["parameter"]).toBe("X-Sw-Body");
  });

  test("the parameter that the protocol does not know, unless its name holds more", async () => {
    const problemOf = async (pair: string) =>
      problemIn(await gatewayUnderTest().send(changed((url) => `${url}&${pair}`)));
    expect(await problemOf("X-Sw-Region=eu")).toMatchObject({ parameter: "X-Sw-Region" });
    expect(await problemOf("X-Sw-Signature%3D0a1b2c")).not.toHaveProperty("parameter");
    expect(await problemOf("X-Sw-Signature0a1b2c")).not.toHaveProperty("parameter");
  });
});
