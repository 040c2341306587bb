import { describe, expect, test } from "bun:test";
import { forwardedBy, policyGateway, posting, refusedBy } from "./policy_gateway.ts";

const ANY = { body: { schema: true } };
const bytes = (...codes: number[]) => new Uint8Array(codes);
const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
const typed = (type: string) => ({ headers: { "content-type": type } });

const MALFORMED: readonly (readonly [
  what: string,
  body: BodyInit,
  param: string | null,
  init?: RequestInit,
])[] = [
  ["no type", "{}", null, typed("")],
  ["a type of text", "{}", null, typed("text/plain")],
  ["a type of a form", "{}", null, typed("application/x-www-form-urlencoded")],
  ["a type that begins as JSON", "{}", null, typed("application/jsonx")],
  ["a sequence of JSON texts", "{}", null, typed("application/json-seq")],
  ["two types", "{}", null, typed("application/json, text/plain")],
  ["another charset", "{}", null, typed("application/json; charset=utf-16")],
  ["a second charset", "{}", null, typed("application/json; charset=utf-8; charset=latin1")],
  ["a quoted charset", "{}", null, typed('application/json; charset="iso-8859-1"')],
  ["quotes around another charset", "{}", null, typed('application/json; charset="a"b')],
  ["a charset without a value", "{}", null, typed("application/json; charset=")],
  ["a content coding", "{}", null, { headers: { "content-encoding": "gzip" } }],
  ["the content coding identity", "{}", null, { headers: { "content-encoding": "identity" } }],
  ["a byte-order mark", "\ufeff{}", ""],
  ["invalid UTF-8", bytes(0x22, 0xff, 0x22), ""],
  ["overlong UTF-8", bytes(0x22, 0xc0, 0xaf, 0x22), ""],
  ["a surrogate in UTF-8", bytes(0x22, 0xed, 0xa0, 0x80, 0x22), ""],
  ["a lone surrogate", '{"a":["\\ud800"]}', "/a/0"],
  ["a name that occurs twice", '{"a":1,"a":2}', "/a"],
  ["a name that occurs twice, escaped", '{"model":1,"mod\\u0065l":2}', "/model"],
  ["a name that occurs twice, in other case", '{"x":{"model":1,"Model":2}}', "/x/Model"],
  ["a name with a Kelvin sign", '{"k":1,"\u212a":2}', "/\u212a"],
  ["the name __proto__", '{"__proto__":1}', "/__proto__"],
  ["something behind the value", "{} {}", ""],
  ["no JSON", "a=b", ""],
  ["a comment", '{"a":1/*2*/}', ""],
  ["a trailing comma", '{"a":1,}', ""],
  ["NaN", '{"a":NaN}', "/a"],
  ["a hexadecimal number", "[0x10]", ""],
  ["a leading zero", "[01]", "/0"],
  ["single quotes", "{'a':1}", ""],
  ["depth 65", nested(65), "/0".repeat(64)],
  ["100,001 values", `[${"1,".repeat(100_000)}1]`, "/99999"],
  ["an integer beyond 2^53", '{"n":9007199254740992}', "/n"],
  ["a number beyond doubles", '{"n":1e309}', "/n"],
];

describe("a body under a policy is refused:", () => {
  for (const [what, body, param, init] of MALFORMED) {
    test(what, async () => {
      const refusal = await refusedBy(policyGateway(), posting(ANY, body, init));
      expect(refusal).toMatchObject({ status: 400, code: "body_malformed", param });
    });
  }

  test("a place that is long is shortened", async () => {
    const name = "x".repeat(1000);
    const body = `{"${name}":{"a":1,"a":2}}`;
    const { param } = await refusedBy(policyGateway(), posting(ANY, body));
    expect(param).toBe(`/${"x".repeat(199)}\u2026`);
  });

  test("without a policy nobody looks at it", async () => {
    const { body } = await forwardedBy(policyGateway(), posting({}, "a=b", typed("text/plain")));
    expect(body).toBe("a=b");
  });
});

describe("a body under a policy is forwarded as it was read:", () => {
  const long = "x".repeat(2000);
  test.each([
    ["{}", "{}"],
    [' {\n "a" : [ 1 , true ] }\r\n', '{"a":[1,true]}'],
    [
      '{"a":1.0,"b":1E3,"c":-0,"d":0.10,"e":1e-300}',
      '{"a":1.0,"b":1E3,"c":-0,"d":0.10,"e":1e-300}',
    ],
    ['"\\u00e9\\/\\ud83d\\udd11\\u0000"', '"\u00e9/\u{1f511}\\u0000"'],
    ['"\u2028\u007f"', '"\u2028\u007f"'],
    ["null", "null"],
    [nested(64), nested(64)],
    [`{"a":"${long}","b":[1.0]}`, `{"a":"${long}","b":[1.0]}`],
    [` {"a":"${long}"}`, `{"a":"${long}"}`],
    [`{"a": {"b":"${long}"}}`, `{"a":{"b":"${long}"}}`],
    [`{"constructor":1,"toString":{"length":2}}`, `{"constructor":1,"toString":{"length":2}}`],
  ])("%s", async (sent, expected) => {
    const gateway = policyGateway();
    const { body, headers } = await forwardedBy(gateway, posting(ANY, sent));
    expect(body).toBe(expected);
    expect(headers.get("content-type")).toBe("application/json");
  });

  test.each([
    "application/json",
    "APPLICATION/JSON;charset=UTF-8",
    'application/json; charset="utf-8"; version=1',
    "application/merge-patch+json",
    "application/vnd.api+json",
  ])("of the type %s, as application/json", async (type) => {
    const { headers } = await forwardedBy(policyGateway(), posting(ANY, "{}", typed(type)));
    expect(headers.get("content-type")).toBe("application/json");
  });

  test("without digests of the bytes that the client sent", async () => {
    const digests = ["content-md5", "digest", "content-digest", "repr-digest", "Content_MD5"];
    const headers = Object.fromEntries(digests.map((name) => [name, "x"]));
    const sent = await forwardedBy(policyGateway(), posting(ANY, "{}", { headers }));
    expect([...sent.headers.keys()].filter((name) => /digest|md5/.test(name))).toEqual([]);
    const unchecked = await forwardedBy(policyGateway(), posting({}, "{}", { headers }));
    expect(unchecked.headers.get("digest")).toBe("x");
  });
});

describe("a request without a body", () => {
  const empty = { method: "POST", headers: { "content-length": "0" } };
  const target = "https://api.example.com/v1/items";
  test.each<[string, object, RequestInit]>([
    ["POST", ANY, empty],
    ["POST that to names", { ...ANY, to: [`POST ${target}`] }, empty],
    ["DELETE that to names", { ...ANY, to: [`DELETE ${target}`] }, { method: "DELETE" }],
    ["GET", ANY, { method: "GET" }],
    ["GET that to names without a method", { ...ANY, to: [target] }, { method: "GET" }],
    [
      "GET of another target that to names",
      { ...ANY, to: [target, "GET https://api.example.com/v1/others"] },
      { method: "GET" },
    ],
    ["HEAD where to names GET", { ...ANY, to: [`GET ${target}`, target] }, { method: "HEAD" }],
  ])("is refused where body applies: %s", async (_, sw, init) => {
    const gateway = policyGateway();
    const response = await gateway.send(posting(sw, undefined, init));
    expect([response.status, response.headers.get("x-sw-problem")]).toEqual([
      403,
      "policy_violation",
    ]);
    expect(gateway.fetched).toEqual([]);
  });

  test.each<[string, object, RequestInit]>([
    ["GET that to names", { ...ANY, to: [`GET ${target}`] }, { method: "GET" }],
    ["HEAD among others", { ...ANY, to: [`GET,HEAD ${target}`] }, { method: "HEAD" }],
    ["GET below a prefix", { ...ANY, to: ["GET https://api.example.com/"] }, { method: "GET" }],
  ])("is forwarded: %s", async (_, sw, init) => {
    const gateway = policyGateway();
    expect((await gateway.send(posting(sw, undefined, init))).status).toBe(200);
    expect(gateway.fetched).toHaveLength(1);
  });

  test("each layer needs a `to` of its own", async () => {
    const gateway = policyGateway({ ofRule: ANY });
    const sw = { ...ANY, to: [`GET ${target}`] };
    const refusal = await refusedBy(gateway, posting(sw, undefined, { method: "GET" }));
    expect(refusal.code).toBe("policy_violation");
  });
});
