import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond } from "../../support/raw_upstream.ts";
import { type MintOptions, mint } from "../../support/minted.ts";
import { spellings } from "../../support/leaks.ts";
import { type Embedded, embed } from "./embedded.ts";

const LOCATIONS = ["Location: /elsewhere", "Location: https://evil.example/"];

let gateway: Embedded;
let host: string;
let port: number;

beforeAll(async () => {
  gateway = await embed({
    script: ({ startLine }) => [
      startLine.includes("/redirects")
        ? respond("", { status: "302 Found", headers: LOCATIONS })
        : respond("answer"),
    ],
  });
  host = new URL(gateway.upstream.url).host;
  port = Number(new URL(gateway.url).port);
});

afterAll(() => gateway[Symbol.asyncDispose]());

const granting = (claims: MintOptions["claims"] = {}) =>
  mint({ claims: { sw: { to: [`${gateway.upstream.url}/`] }, ...claims } });

/** Sends bytes; what the client and the upstream got. */
async function talk(
  target: string,
  headers: readonly string[],
  { method = "GET", version = "1.1" } = {},
) {
  const before = gateway.upstream.requests.length;
  const lines = [
    `${method} ${target} HTTP/${version}`,
    "Host: gateway.test",
    "Connection: close",
    ...headers,
  ];
  const bytes = await exchange(port, `${lines.join("\r\n")}\r\n\r\n`);
  const response = parseResponse(bytes, true, method);
  const requests = gateway.upstream.requests.slice(before);
  return { status: response?.status, response, requests, all: bytes.toString("latin1") };
}

function expectNowhere(token: string, texts: readonly string[]): void {
  for (const part of token.split(".").slice(1)) {
    for (const spelling of spellings(part))
      for (const text of texts) expect(text).not.toContain(spelling);
  }
}

describe("a token in raw headers is taken out of them:", () => {
  test.each<readonly [what: string, headers: (token: string) => string[]]>([
    ["once", (token) => [`Authorization: Bearer ${token}`]],
    ["in odd capitals", (token) => [`aUTHORIZATION: bEARER ${token}`]],
    [
      "twice in one name",
      (token) => [`Authorization: Bearer ${token}`, `authorization: Bearer ${token}`],
    ],
    ["beside another value", (token) => [`X-Api-Key: sk-others`, `x-api-key: ${token}`]],
    ["with a list behind it", (token) => [`x-api-key: ${token}, sk-others`]],
    ["with blanks around it", (token) => [`X-Goog-Api-Key: \t ${token} \t`]],
    [
      "in all slots",
      (token) => [
        `Authorization: Token ${token}`,
        `api-key: ${token}`,
        `xi-api-key: ${token}`,
        `x-goog-api-key: ${token}`,
      ],
    ],
    [
      "in look-alike names",
      (token) => [
        `Authorization: Bearer ${token}`,
        `X_Api_Key: ${token}`,
        `x.api.key: sk-others`,
        `Api~Key: ${token}`,
      ],
    ],
    ["in Connection's headers", (token) => [`x-api-key: ${token}`, "Connection: x-api-key, x-key"]],
    ["with 8,192 characters", (token) => [`Authorization: Bearer ${token}`]],
  ])("%s", async (what, headers) => {
    const token = what.includes("8,192") ? longest() : granting();
    const { status, requests, all } = await talk(`/${host}/v1/items?a=1`, headers(token));
    expect(status).toBe(200);
    const [{ head = "", startLine = "", all: valuesOf } = {} as never, ...others] = requests;
    expect([startLine, others.length]).toEqual(["GET /v1/items?a=1 HTTP/1.1", 0]);
    expect(valuesOf("x-key")).toEqual(["injected"]);
    expect(head).not.toMatch(/sk-others|api.key|authorization/i);
    expectNowhere(token, [head, all, JSON.stringify(gateway.records)]);
  });

  function longest(): string {
    let token = granting();
    for (let fill = 5_800; ; fill++) {
      const longer = granting({ x: "x".repeat(fill) });
      if (longer.length > 8_192) return token;
      token = longer;
    }
  }
});

describe("a raw target is what the runtime reads, and is checked as such:", () => {
  test.each<readonly [target: string, status: number, sent: string]>([
    ["/{host}/v1/../v2/", 200, "/v2/"],
    ["/{host}/%2e%2e/evil.example/", 403, ""],
    ["/evil.example/../{host}/v1/", 200, "/v1/"],
    ["//{host}/v1/", 200, "/{host}/v1/"],
    ["http://evil.example/{host}/v1/", 200, "/v1/"],
    ["/{host}\\..\\x", 200, "/x"],
    ["/{host}\\v1", 200, "/v1"],
    ["/{host}//v1//x", 200, "/v1//x"],
    [`/{host}/{id}?q='a'|"b"`, 200, "/%7Bid%7D?q=%27a%27|%22b%22"],
    ["/{host}?", 200, "/"],
    ["/user@{host}/", 403, ""],
    ["/evil.example/", 403, ""],
    ["/[::1]/", 403, ""],
    ["/127.1:{port}/", 403, ""],
    ["/localhost:{port}/", 403, ""],
  ])("%s: %i", async (target, status, sent) => {
    const filled = (text: string) =>
      text.replaceAll("{host}", host).replaceAll("{port}", host.split(":")[1]!);
    const result = await talk(filled(target), [`Authorization: Bearer ${granting()}`]);
    const startLines = result.requests.map(({ startLine }) => startLine);
    const expected = sent === "" ? [] : [`GET ${filled(sent)} HTTP/1.1`];
    expect([result.status, ...startLines]).toEqual([status, ...expected]);
  });
});

describe("two tokens in raw headers are refused:", () => {
  test.each<readonly [what: string, headers: (one: string, two: string) => string[]]>([
    ["two lines", (one, two) => [`Authorization: Bearer ${one}`, `Authorization: Bearer ${two}`]],
    ["one line", (one, two) => [`Authorization: Bearer ${one}, Bearer ${two}`]],
    ["two names", (one, two) => [`Authorization: Bearer ${one}`, `X-Api-Key: ${two}`]],
    ["two lines of a key", (one, two) => [`X-Api-Key: ${one}`, `x-api-key: ${two}`]],
  ])("%s", async (_, headers) => {
    const { status, response, requests } = await talk(
      `/${host}/`,
      headers(granting(), granting({ sub: "b" })),
    );
    expect([status, requests.length]).toEqual([401, 0]);
    expect(response?.all("x-sw-problem")).toEqual(["token_repeated"]);
    expect(response?.all("www-authenticate")).toEqual(['Bearer error="invalid_token"']);
  });
});

test("a redirect with two locations has one, which leads through the gateway", async () => {
  const { status, response } = await talk(`/${host}/redirects`, [
    `Authorization: Bearer ${granting()}`,
  ]);
  expect(status).toBe(302);
  expect(response!.all("location")).toHaveLength(1);
  for (const location of response!.all("location")) expect(location).toStartWith(`/${host}/`);
});

test("HTTP/1.0 and HEAD are like the others", async () => {
  const headers = [`Authorization: Bearer ${granting()}`];
  expect((await talk(`/${host}/`, headers, { method: "HEAD" })).status).toBe(200);
  expect((await talk(`/${host}/`, headers, { version: "1.0" })).status).toBe(200);
});

test("nothing was thrown", () => {
  expect([gateway.errors, gateway.thrown]).toEqual([[], []]);
});
