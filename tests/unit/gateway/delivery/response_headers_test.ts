import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import {
  hardenResponseHeaders,
  type KeptHeaders,
  stripResponseHeaders,
} from "../../../../lib/gateway/delivery/response_headers.ts";
import { gatewayUnderTest, signed, type UnderTestOptions } from "../in_process_gateway.ts";

const stripped = (upstream: HeadersInit, kept: KeptHeaders = {}) => {
  const headers = new Headers(upstream);
  stripResponseHeaders(headers, kept);
  return headers;
};

const outbound = (upstream: HeadersInit) => stripped(upstream).toJSON();

describe("headers that would act on the gateway's origin are removed", () => {
  test.each([
    "Accept-CH",
    "Alt-Svc",
    "Clear-Site-Data",
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "Critical-CH",
    "Expect-CT",
    "NEL",
    "Origin-Agent-Cluster",
    "Public-Key-Pins",
    "Refresh",
    "Report-To",
    "Reporting-Endpoints",
    "Service-Worker-Allowed",
    "Set-Cookie",
    "Set-Cookie2",
    "Strict-Transport-Security",
  ])("%s", async (name) => {
    const headers = { [name]: "value", "X-Kept": "kept" };
    expect(outbound(headers)).toEqual({ "x-kept": "kept" });
    const answer = () => new Response("", { headers });
    const response = await gatewayUnderTest({ answer }).send(signed());
    expect(response.headers.get(name)).not.toBe("value");
  });

  test("Set-Cookie, twice", () => {
    const headers = new Headers([
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
    ]);
    expect(stripped(headers).getSetCookie()).toEqual([]);
  });

  test.each(["Origin", "Credentials", "Expose-Headers", "Methods", "Private-Network"])(
    "Access-Control-Allow-%s",
    (name) => {
      expect(outbound({ [`Access-Control-Allow-${name}`]: "*" })).toEqual({});
    },
  );

  test("what describes the answer stays", () => {
    const headers = {
      "content-disposition": "attachment",
      "content-encoding": "gzip",
      "content-language": "en",
      "content-length": "5",
      "content-range": "bytes 0-4/10",
      "content-type": "application/json",
      date: "Sun, 22 Nov 2026 09:08:07 GMT",
      etag: '"a"',
      "last-modified": "Sun, 22 Nov 2026 09:08:07 GMT",
      link: '<https://api.example.com/>; rel="next"',
      location: "https://elsewhere.example.com/",
      "retry-after": "1",
      vary: "Accept",
      "www-authenticate": "Bearer",
      "x-ratelimit-remaining": "1",
    };
    expect(outbound(headers)).toEqual(headers);
  });
});

describe("an upstream's headers are bounded", () => {
  test.each([
    ["one large value", { "x-a": "v".repeat(32_766) }],
    ["many", Object.fromEntries(Array.from({ length: 700 }, (_, i) => [`x-${i}`, "v".repeat(50)]))],
    ["ones that are dropped anyway", { "set-cookie": "v".repeat(40_000) }],
  ])("%s", (_, headers) => {
    expect(() => outbound(headers)).toThrow(GatewayError);
  });

  test("up to the bound they pass", () => {
    const headers = { "x-a": "v".repeat(32_768 - "x-a".length) };
    expect(outbound(headers)).toEqual(headers);
  });
});

const ANSWERS: [string, () => Request, UnderTestOptions][] = [
  ["an answer", () => signed(), {}],
  ["a stream", () => signed(), { answer: () => new Response(new ReadableStream(endAtOnce)) }],
  ["an error of the upstream", () => signed(), { answer: () => new Response("", { status: 500 }) }],
  ["a redirect", () => signed(), { answer: () => Response.redirect("https://x.example/") }],
  ["no content", () => signed(), { answer: () => new Response(null, { status: 204 }) }],
  ["a refusal", () => new Request("https://edge.example.net/"), {}],
  ["a failure", () => signed(), { answer: () => Promise.reject(new Error("broken")) }],
  ["while the gateway stops", () => signed(), { phase: () => "draining" }],
  ["a preflight", () => preflight(), {}],
];

const endAtOnce = { start: (controller: ReadableStreamDefaultController) => controller.close() };

function preflight(): Request {
  const headers = { Origin: "https://app.example", "Access-Control-Request-Method": "POST" };
  return new Request("https://edge.example.net/", { method: "OPTIONS", headers });
}

describe("every response is inert and not kept", () => {
  test.each(ANSWERS)("%s", async (_, request, options) => {
    const { headers } = await gatewayUnderTest(options).send(request());
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    expect(headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  const CACHED = { "cache-control": "max-age=60", expires: "0", pragma: "x", age: "1" };
  const VALIDATORS = { etag: '"a"', "last-modified": "Sun, 22 Nov 2026 09:08:07 GMT" };
  const answer = () => new Response("", { headers: { ...CACHED, ...VALIDATORS } });

  test("what the upstream says of keeping does not count", async () => {
    const { headers } = await gatewayUnderTest({ answer }).send(signed());
    expect(headers.toJSON()).toMatchObject({ ...VALIDATORS, "cache-control": "no-store" });
    for (const name of ["expires", "pragma", "age"]) expect(headers.has(name)).toBe(false);
  });

  test("where the rule lets it decide, it counts", async () => {
    const upstreams = [{ headers: [], allowPrivate: true, keepCaching: true }];
    const { headers } = await gatewayUnderTest({ answer, upstreams }).send(signed());
    expect(headers.toJSON()).toMatchObject({ ...VALIDATORS, ...CACHED });
    const silent = await gatewayUnderTest({ upstreams }).send(signed());
    expect(silent.headers.get("cache-control")).toBe("no-store");
  });

  test("the upstream's weaker policies are replaced", () => {
    const headers = new Headers({
      "Content-Security-Policy": "default-src *",
      "Cross-Origin-Resource-Policy": "same-origin",
      "Referrer-Policy": "unsafe-url",
      "X-Content-Type-Options": "",
    });
    hardenResponseHeaders(headers);
    expect(headers.toJSON()).toEqual({
      "cache-control": "no-store",
      "content-security-policy": "default-src 'none'; sandbox",
      "cross-origin-resource-policy": "cross-origin",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
  });
});

test("a cookie that ends at this hop ends here, even where cookies stay", () => {
  const upstream = { Connection: "set-cookie", "Set-Cookie": "a=1", "X-Kept": "kept" };
  expect(stripped(upstream, { keepCookies: true }).toJSON()).toEqual({ "x-kept": "kept" });
});

test("the headers of a fetched response may be nobody's to edit", async () => {
  const fixed = () => {
    throw new TypeError("immutable");
  };
  const answer = () => {
    const response = new Response("answer", { headers: { "Set-Cookie": "a=1", "X-Kept": "kept" } });
    Object.assign(response.headers, { set: fixed, append: fixed, delete: fixed });
    return response;
  };
  const { status, headers } = await gatewayUnderTest({ answer }).send(signed());
  expect([status, headers.get("set-cookie"), headers.get("x-kept")]).toEqual([200, null, "kept"]);
});
