import { describe, expect, test } from "bun:test";
import { signUrl, type SignOptions } from "../../../../lib/signing/mod.ts";
import { outcomeOf, SECRET, SIGNED_AT, type TestRequest, verify } from "../draft.ts";

const OPTIONS: SignOptions = {
  gateway: "https://edge.example.net",
  id: "my-id",
  secret: SECRET,
  now: new Date(SIGNED_AT),
};

const UPSTREAM = "https://api.example.com/v1/items?q=1";

/** The request that the holder of the URL makes. */
function requestTo(
  signed: string,
  { method = "GET", headers = {}, body }: SignOptions,
): TestRequest {
  const { pathname, search } = new URL(signed);
  const bytes = new Uint8Array(Buffer.from(body ?? ""));
  const sent = new Headers(headers as Record<string, string>);
  if (body !== undefined) sent.set("content-length", String(bytes.length));
  return { method, path: pathname, query: search.slice(1), headers: sent, body: bytes };
}

describe("verifyUrl accepts what signUrl signs", () => {
  test.each<[string, string, Partial<SignOptions>]>([
    ["nothing but the target", UPSTREAM, {}],
    ["a gateway with a slash", UPSTREAM, { gateway: "https://edge.example.net/" }],
    ["a gateway with a port", UPSTREAM, { gateway: "http://127.0.0.1:3000" }],
    ["a gateway under a path", UPSTREAM, { gateway: "https://example.net/a/signway" }],
    ["a gateway under an odd path", UPSTREAM, { gateway: "https://example.net/ü b/%2F(x)'" }],
    ["a gateway of IPv6", UPSTREAM, { gateway: "http://[::1]:3000/" }],
    ["each method", UPSTREAM, { method: "PATCH" }],
    ["no life at all", UPSTREAM, { expires: 0 }],
    ["a week", UPSTREAM, { expires: 604_800 }],
    ["an id with slashes and blanks", UPSTREAM, { id: "team a/app+b/ü" }],
    ["a long secret", UPSTREAM, { secret: "x".repeat(500) }],
    ["a secret outside ASCII", UPSTREAM, { secret: "sécrèt 🔑" }],
    ["a header", UPSTREAM, { headers: { "X-Foo": "foo" } }],
    ["headers in any order", UPSTREAM, { headers: { "X-Zed": " z ", Accept: "*/*", "X-A": "" } }],
    ["a header outside ASCII", UPSTREAM, { headers: { "X-Foo": "caf\xe9" } }],
    ["a body", UPSTREAM, { method: "POST", body: '{"a": 1}' }],
    ["an empty body", UPSTREAM, { method: "POST", body: "" }],
    ["a body outside ASCII", UPSTREAM, { method: "POST", body: "aé你🚀\r\n\n" }],
    ["a body of bytes", UPSTREAM, { method: "PUT", body: Uint8Array.of(0, 255, 10, 13, 200) }],
    ["a body and a header", UPSTREAM, { method: "POST", body: "a", headers: { "X-Foo": "b" } }],
    ["a target without a path", "https://api.example.com", {}],
    ["a target in capitals", "HTTPS://API.Example.COM:443/X", {}],
    [
      "a target with reserved characters",
      "https://a.example/a(b)!c*d'e~f/g;h=i,j@k:l$m&n?q='~#f",
      {},
    ],
    ["a target with plus and percent signs", "https://a.example/a%2Fb+c?q=1+2%2B3&r=%25&s=%zz", {}],
    ["a target outside ASCII", "https://bücher.example/café?q=你 好", {}],
    ["a target that looks signed", `https://a.example/?X-Sw-Algorithm=x&X-Sw-Signature=y`, {}],
  ])("%s", async (_, upstream, more) => {
    const options = { ...OPTIONS, ...more };
    const signed = await signUrl(upstream, options);
    const url = await verify(requestTo(signed, options), { findSecrets: () => [options.secret] });
    expect(url).toMatchObject({
      id: options.id,
      upstream: new URL(upstream).href,
      expires: options.expires ?? 300,
      signedAt: SIGNED_AT,
      signedBody: options.body !== undefined,
    });
    const names = Object.keys(options.headers ?? {}).map((name) => name.toLowerCase());
    if (options.body !== undefined) names.push("content-length");
    expect(url.signedHeaders).toEqual(names);
  });
});

describe("signUrl", () => {
  test.each<[string, SignOptions["headers"]]>([
    ["Headers", new Headers({ "X-Foo": "foo", Accept: "*/*" })],
    [
      "a Map",
      new Map([
        ["Accept", "*/*"],
        ["X-Foo", "foo"],
      ]),
    ],
    [
      "pairs",
      [
        ["accept", "*/*"],
        ["x-foo", "foo"],
      ],
    ],
    [
      "an object without a prototype",
      Object.assign(Object.create(null), { accept: "*/*", "x-foo": "foo" }),
    ],
  ])("signs headers that are given as %s", async (_, headers) => {
    const plain = { accept: "*/*", "x-foo": "foo" };
    expect(await signUrl(UPSTREAM, { ...OPTIONS, headers: headers! })).toBe(
      await signUrl(UPSTREAM, { ...OPTIONS, headers: plain }),
    );
  });

  test.each([
    ["ws://api.example.com/a", "http://api.example.com/a"],
    ["wss://api.example.com/a?b=c", "https://api.example.com/a?b=c"],
  ])("writes the WebSocket %s as %s", async (target, written) => {
    const signed = new URL(await signUrl(target, OPTIONS));
    expect(signed.searchParams.get("X-Sw-Proxy")).toBe(written);
  });

  test("writes every parameter once, and the signature last", async () => {
    const signed = new URL(await signUrl(UPSTREAM, { ...OPTIONS, headers: { "X-Foo": "foo" } }));
    expect(signed.origin + signed.pathname).toBe("https://edge.example.net/");
    expect([...signed.searchParams]).toEqual([
      ["X-Sw-Algorithm", "SW1-HMAC-SHA256"],
      ["X-Sw-Credential", "my-id/20261122"],
      ["X-Sw-Date", "20261122T090807Z"],
      ["X-Sw-Expires", "300"],
      ["X-Sw-Proxy", UPSTREAM],
      ["X-Sw-SignedHeaders", "x-foo"],
      ["X-Sw-Body", "false"],
      ["X-Sw-Signature", expect.stringMatching(/^[0-9a-f]{64}$/)],
    ]);
  });

  test.each([
    ["https://edge.example.net", "https://edge.example.net/?"],
    ["https://edge.example.net/", "https://edge.example.net/?"],
    ["https://edge.example.net/a", "https://edge.example.net/a/?"],
    ["https://edge.example.net/a/", "https://edge.example.net/a/?"],
    ["http://localhost:3000", "http://localhost:3000/?"],
  ])("puts the query behind the gateway %s", async (gateway, start) => {
    expect(await signUrl(UPSTREAM, { ...OPTIONS, gateway })).toStartWith(start);
  });

  test("signs the moment of the call unless it is told another", async () => {
    const { now: _, ...options } = OPTIONS;
    const before = Date.now();
    const signed = await signUrl(UPSTREAM, options);
    const url = await verify(requestTo(signed, options), { now: Date.now });
    expect(url.signedAt).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(url.signedAt).toBeLessThanOrEqual(Date.now());
  });

  test("counts a body in bytes, whatever length the caller gives", async () => {
    const body = "aé你🚀";
    const headers = { "Content-Length": "4", "X-Foo": "foo" };
    const options = { ...OPTIONS, method: "POST", body };
    const signed = await signUrl(UPSTREAM, { ...options, headers });
    const request = requestTo(signed, { ...options, headers: { "X-Foo": "foo" } });
    expect(request.headers.get("content-length")).toBe("10");
    expect(await outcomeOf(request)).toBe("accepted");
  });

  test("signs the same text and bytes alike", async () => {
    const body = "aé你🚀";
    const bytes = new TextEncoder().encode(body);
    const asText = await signUrl(UPSTREAM, { ...OPTIONS, body });
    expect(await signUrl(UPSTREAM, { ...OPTIONS, body: bytes })).toBe(asText);
    const padded = new Uint8Array(30);
    padded.set(bytes, 7);
    const view = padded.subarray(7, 7 + bytes.length);
    expect(await signUrl(UPSTREAM, { ...OPTIONS, body: view })).toBe(asText);
  });

  test("leaves what it is given as it is", async () => {
    const options = Object.freeze({ ...OPTIONS, headers: Object.freeze({ "X-Foo": "foo" }) });
    const first = await signUrl(UPSTREAM, options);
    expect(await signUrl(UPSTREAM, options)).toBe(first);
  });
});
