import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { outboundRequestHeaders } from "../../../../lib/gateway/delivery/request_headers.ts";

const KEY = [
  ["Authorization", "Bearer injected"],
  ["X-Api-Key", "injected"],
] as const;

const BASE = { "user-agent": "signway" };

const outbound = (
  inbound: HeadersInit,
  injected: readonly (readonly [string, string])[] = [],
  names: string[] = [],
) => outboundRequestHeaders(new Headers(inbound), injected, { signed: names }).toJSON();

describe("an injected header replaces the caller's, however that is written", () => {
  const injected = { ...BASE, authorization: "Bearer injected", "x-api-key": "injected" };
  test.each<[string, [string, string][]]>([
    ["none", []],
    ["once", [["Authorization", "Bearer mine"]]],
    [
      "twice",
      [
        ["Authorization", "Bearer mine"],
        ["Authorization", "Basic mine"],
      ],
    ],
    ["lower case", [["authorization", "Bearer mine"]]],
    [
      "upper case",
      [
        ["AUTHORIZATION", "Bearer mine"],
        ["X-API-KEY", "mine"],
      ],
    ],
    ["empty", [["Authorization", ""]]],
    ["an underscore", [["X_Api_Key", "mine"]]],
    [
      "one of two underscores",
      [
        ["X_Api-Key", "mine"],
        ["x-api_key", "mine"],
      ],
    ],
    [
      "both",
      [
        ["X_Api_Key", "mine"],
        ["X-Api-Key", "mine"],
      ],
    ],
  ])("%s", (_, lines) => {
    expect(outbound(lines, KEY)).toEqual(injected);
    const names = lines.map(([name]) => name.toLowerCase());
    expect(outbound(lines, KEY, names)).toEqual(injected);
  });

  // RFC 9110, section 5.6.2: all of these are letters of a name; CGI has one letter for them.
  test.each([..."!#$%&'*+.^_`|~"])("every blank of a name written %s", (odd) => {
    const names = [`X${odd}Api${odd}Key`, `x-api${odd}key`, `X${odd}API-KEY`, "authorization"];
    for (const name of names) {
      expect(outbound({ [name]: "mine" }, KEY)).toEqual(injected);
      expect(outbound({ [name]: "mine" }, KEY, [name.toLowerCase()])).toEqual(injected);
    }
    const [odder] = names;
    const inSigned = outbound({ [odder!]: "look-alike", "X-Api-Key": "mine" }, [], ["x-api-key"]);
    expect(inSigned).toEqual({ ...BASE, "x-api-key": "mine" });
    expect(outbound({ [`X${odd}Forwarded${odd}For`]: "mine" })).toEqual(BASE);
    expect(outbound({ [`Content${odd}Length`]: "1", [`Keep${odd}Alive`]: "1" })).toEqual(BASE);
  });

  test.each(["XApiKey", "x-apikey", "X--Api-Key", "X-_Api-Key", "X-Api-Key-", "_X-Api-Key"])(
    "other separators: %s",
    (name) => {
      const lower = name.toLowerCase();
      expect(outbound({ [name]: "mine" }, KEY)).toEqual(injected);
      expect(outbound({ [name]: "mine" }, KEY, [lower])).toEqual(injected);
      const both = { [name]: "look-alike", "X-Api-Key": "mine" };
      expect(outbound(both, [], ["x-api-key"])).toEqual({ ...BASE, "x-api-key": "mine" });
      expect(outbound(both)).toEqual({ ...BASE, "x-api-key": "mine", [lower]: "look-alike" });
    },
  );

  test("an injected name with underscores replaces the one with hyphens", () => {
    const headers = outbound({ "X-Api-Key": "mine", X_Api_Key: "mine" }, [
      ["X_Api_Key", "injected"],
    ]);
    expect(headers).toEqual({ ...BASE, x_api_key: "injected" });
  });

  test("what is not injected stays the caller's", () => {
    const headers = outbound({ Authorization: "Bearer mine", X_Foo: "a", "X-Foo": "b" });
    expect(headers).toEqual({ ...BASE, authorization: "Bearer mine", x_foo: "a", "x-foo": "b" });
  });
});

describe("a caller cannot have an injected header removed", () => {
  test.each([
    "close, Authorization, X-Api-Key, Host",
    "authorization",
    "AUTHORIZATION,x-api-key",
    "keep-alive,Authorization",
  ])("Connection: %s", (connection) => {
    const inbound = { Connection: connection, Authorization: "mine", "X-Api-Key": "mine" };
    expect(outbound(inbound, KEY)).toEqual({
      ...BASE,
      authorization: "Bearer injected",
      "x-api-key": "injected",
    });
  });

  test("what is nominated and not injected is dropped", () => {
    expect(
      outbound({ Connection: "Authorization, X-A", Authorization: "mine", "X-A": "1" }),
    ).toEqual(BASE);
  });
});

describe("headers about the browser and the client's address are sent only when signed", () => {
  test.each([
    "Cookie",
    "Cookie2",
    "Referer",
    "Origin",
    "Sec-Fetch-Site",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Dest",
    "Sec-Fetch-User",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Port",
    "X-Forwarded-Prefix",
    "Forwarded",
    "X-Real-IP",
    "Via",
  ])("%s", (name) => {
    const lower = name.toLowerCase();
    expect(outbound({ [name]: "value", Accept: "*/*" })).toEqual({ ...BASE, accept: "*/*" });
    expect(outbound({ [name]: "value" }, [], [lower])).toEqual({ ...BASE, [lower]: "value" });
    expect(outbound({ [name]: "value" }, [], ["accept"])).toEqual(BASE);
    expect(outbound({ [name]: "value" }, [[name, "injected"]])).toEqual({
      ...BASE,
      [lower]: "injected",
    });
  });
});

describe("what the outbound request gets anew", () => {
  test.each(["Host", "Content-Length", "Expect", "Transfer-Encoding", "Connection", "TE"])(
    "%s is not passed on, signed or not",
    (name) => {
      const inbound = { [name]: name === "Connection" ? "x" : "1" };
      expect(outbound(inbound)).toEqual(BASE);
      expect(outbound(inbound, [], [name.toLowerCase()])).toEqual(BASE);
    },
  );

  test("the caller's user agent stays, and without one none of the runtime's is told", () => {
    expect(outbound({ "User-Agent": "mine/1.0" })).toEqual({ "user-agent": "mine/1.0" });
    expect(outbound({})).toEqual({ "user-agent": "signway" });
    expect(outbound({}, [["User-Agent", "injected"]])).toEqual({ "user-agent": "injected" });
  });

  test("end-to-end headers pass as they are", () => {
    const inbound = {
      accept: "text/event-stream",
      "accept-encoding": "gzip, br",
      "content-encoding": "gzip",
      "content-type": "application/json; charset=utf-8",
      "if-none-match": '"a"',
      "openai-organization": "org",
      range: "bytes=0-1",
      "x-latin": "caf\xe9",
    };
    expect(outbound(inbound)).toEqual({ ...BASE, ...inbound });
  });
});

describe("the number of headers is bounded", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, i): [string, string] => [`x-${i}`, "v"]);
  test("128 pass", () => {
    expect(Object.keys(outbound(many(128)))).toHaveLength(129);
  });

  test.each([129, 250, 1000])("%i do not", (count) => {
    expect(() => outbound(many(count))).toThrow(new GatewayError("headers_too_large"));
  });
});

const ADDRESSES = [
  "CF-Connecting-IP",
  "CF-Connecting-IPv6",
  "CF-IPCountry",
  "CF_Connecting_IP",
  "CloudFront-Viewer-Address",
  "Fastly-Client-IP",
  "Forwarded",
  "True-Client-IP",
  "X-Cluster-Client-IP",
  "X-Forwarded-For",
  "X-Real-IP",
];

test.each(ADDRESSES)("what %s tells of the caller stays here, unless it is signed", (name) => {
  const line = { [name]: "192.0.2.1" };
  expect(outbound(line)).toEqual(BASE);
  const key = name.toLowerCase();
  expect(outbound(line, [], [key])).toEqual({ ...BASE, [key]: "192.0.2.1" });
});

test("Set-Cookie does not pass, however often it stands in a request", () => {
  const inbound = new Headers([
    ["Set-Cookie", "a=1"],
    ["Set-Cookie", "b=2"],
    ["X-Kept", "1"],
  ]);
  expect(outbound(inbound)).toEqual({ ...BASE, "x-kept": "1" });
  expect(outbound(inbound, [], ["set-cookie"])).toEqual({ ...BASE, "x-kept": "1" });
});
