import { afterAll, describe, expect, test } from "bun:test";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { DENIED, headerSignature, SIGNED } from "../../support/header_signature.ts";

const HEADERS = [
  "Host: gateway.test:8443",
  "Content-Type: Application/JSON ; charset=utf-8",
  "User-Agent: a test",
  "Cookie: a=b; c=d",
  "X-Many: one",
  "X-Many: two",
];
const BODY = '{"a": "é"}';
const LENGTH = Buffer.byteLength(BODY);

interface Case {
  field: string;
  value: string;
  /** The same request, but for this field. */
  target?: string;
  without?: string;
  with?: string;
}

const TARGET = "/mounted/é/x";
const QUERY = "q=a%20b+c&page=2&page=%C3%A9";

const CASES: Case[] = [
  { field: "scheme", value: "http" },
  { field: "path", value: `/outside${TARGET}` },
  { field: "path_info", value: TARGET },
  { field: "PATH_INFO", value: TARGET },
  { field: "REQUEST_METHOD", value: "POST" },
  { field: "QUERY_STRING", value: QUERY, target: "?q=a%20b%20c&page=2&page=%C3%A9" },
  { field: "REMOTE_ADDR", value: "127.0.0.1" },
  { field: "SERVER_NAME", value: "gateway.test", with: "Host: other.test:8443" },
  { field: "content_type", value: "application/json", without: "Content-Type" },
  {
    field: "CONTENT_TYPE",
    value: "Application/JSON ; charset=utf-8",
    with: "Content-Type: Application/JSON",
  },
  { field: "CONTENT_LENGTH", value: String(LENGTH) },
  { field: "HTTP_HOST", value: "gateway.test:8443", with: "Host: gateway.test" },
  { field: "HTTP_USER_AGENT", value: "a test", without: "User-Agent" },
  { field: "HTTP_COOKIE", value: "a=b; c=d", with: "Cookie: a=b" },
  { field: "HTTP_X_MANY", value: "one, two", with: "X-Many: two" },
];

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  public_path: "/outside/",
  max_signed_body: 1000,
  route: [
    ...CASES.map(({ field }) => ({
      path: `/${field}/`,
      upstream: upstream.url,
      signature: { ...SIGNED, fields: [field, "method"], delimiter: "$" },
    })),
    {
      path: "/signed/body/",
      upstream: upstream.url,
      signature: { ...SIGNED, fields: ["body", "method"], delimiter: "$" },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const sign = (...values: string[]) => `Signature: ${headerSignature(values, { delimiter: "$" })}`;

describe("a field of the request is signed", () => {
  test.each(CASES.map((item) => [item.field, item] as const))("%s", async (field, item) => {
    const path = `/${field}/é/x`;
    const value = item.value.replace(TARGET, path);
    const post = (signature: string, headers: string[], query = `?${QUERY}`) =>
      plainExchange(gateway, "POST", encodeURI(path) + query, {
        headers: [signature, ...headers],
        body: BODY,
      });
    const accepted = await post(sign(value, "POST"), HEADERS);
    expect([accepted.status, accepted.body.toString()]).toEqual([200, "ok"]);
    expect(upstream.requests.at(-1)?.body.toString()).toBe(BODY);

    const before = upstream.requests.length;
    const refused = [await post(sign(`${value}x`, "POST"), HEADERS), await post(sign("POST"), [])];
    if (item.target) refused.push(await post(sign(value, "POST"), HEADERS, item.target));
    const name = item.without ?? item.with?.split(":")[0];
    if (name) {
      const others = HEADERS.filter((line) => !line.startsWith(`${name}:`));
      const changed = item.with ? [...others, item.with] : others;
      refused.push(await post(sign(value, "POST"), changed));
    }
    for (const response of refused) expect(problemOf(response)).toMatchObject(DENIED);
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("a field that a request lacks refuses it", () => {
  test.each([
    ["QUERY_STRING", "/QUERY_STRING/"],
    ["QUERY_STRING", "/QUERY_STRING/?"],
    ["content_type", "/content_type/"],
    ["CONTENT_TYPE", "/CONTENT_TYPE/"],
    ["CONTENT_LENGTH", "/CONTENT_LENGTH/"],
    ["HTTP_USER_AGENT", "/HTTP_USER_AGENT/"],
    ["HTTP_COOKIE", "/HTTP_COOKIE/"],
    ["HTTP_X_MANY", "/HTTP_X_MANY/"],
    ["body", "/signed/body/"],
  ])("%s at %s", async (_, target) => {
    const before = upstream.requests.length;
    for (const values of [["GET"], ["", "GET"]]) {
      const response = await plainExchange(gateway, "GET", target, { headers: [sign(...values)] });
      expect(problemOf(response)).toMatchObject(DENIED);
    }
    expect(upstream.requests).toHaveLength(before);
  });
});

describe("the body", () => {
  const post = (signature: string, body: string | Uint8Array, headers: string[] = []) =>
    plainExchange(gateway, "POST", "/signed/body/", { headers: [signature, ...headers], body });

  test.each([
    ["of one byte", "x"],
    ["outside ASCII", "é你🔑"],
    ["with line ends", "\r\n\r\nGET / HTTP/1.1\r\n\r\n"],
    ["as long as is allowed", "x".repeat(1000)],
  ])("%s reaches the upstream as it was signed", async (_, body) => {
    expect((await post(sign(body, "POST"), body)).status).toBe(200);
    expect(upstream.requests.at(-1)?.body).toEqual(Buffer.from(body));
  });

  test("in chunks is the same body", async () => {
    const chunked = ["Transfer-Encoding: chunked"];
    const pieces = chunk("one") + chunk("two") + chunk("");
    expect((await post(sign("onetwo", "POST"), pieces, chunked)).status).toBe(200);
    expect(upstream.requests.at(-1)?.body.toString()).toBe("onetwo");
    const refused = await post(sign("onetwo!", "POST"), pieces, chunked);
    expect(problemOf(refused)).toMatchObject(DENIED);
  });

  test.each([
    ["a byte more", "body!"],
    ["a byte less", "bod"],
    ["another case", "Body"],
    ["a newline behind", "body\n"],
    ["nothing", ""],
  ])("with %s is denied", async (_, body) => {
    expect(problemOf(await post(sign("body", "POST"), body))).toMatchObject(DENIED);
  });

  test.each([
    ["of known length", "x".repeat(1001), []],
    [
      "in chunks",
      chunk("x".repeat(600)) + chunk("x".repeat(600)) + chunk(""),
      ["Transfer-Encoding: chunked"],
    ],
  ])("too large to be read, %s, is 413", async (_, body, headers) => {
    const before = upstream.requests.length;
    const response = await post(sign("x".repeat(1001), "POST"), body, headers);
    expect(problemOf(response)).toMatchObject({ status: 413, code: "body_too_large" });
    expect(upstream.requests).toHaveLength(before);
  });
});
