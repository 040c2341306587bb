import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { spellings } from "../../../support/leaks.ts";
import { signed } from "../in_process_gateway.ts";
import { placed } from "./slots.ts";
import { appWith, bearing, gatewayOf, grants, NOW, PATH, ruleFor } from "./token_gateway.ts";

const ORIGIN = "https://api.example.com";
const TOKEN = grants({ to: [`${ORIGIN}/`] });
const OTHERS = "sk-of-the-caller-0123456789";
const KEY = "the operator's key";

/** What an upstream is sent, of a request with the token as its bearer token. */
async function sent(request: Request, rule: Partial<UpstreamRule> = {}) {
  const upstreams = [{ ...ruleFor(`${ORIGIN}/`, KEY), ...rule }];
  const gateway = gatewayOf([appWith({ upstreams })]);
  const response = await gateway.send(request);
  expect(response.status).toBe(200);
  const { upstream, request: outbound } = gateway.fetched[0]!;
  return { url: upstream.url.href, headers: outbound.headers };
}

const NAMES = [
  ...["x-api-key", "x-goog-api-key", "api-key", "xi-api-key", "openai-organization"],
  ...["openai-project", "x-goog-user-project"],
];

/** A name in all the ways in which servers read it as the same. */
const waysToWrite = (name: string) => [
  name,
  name.toUpperCase(),
  name.replaceAll("-", "_"),
  name.replaceAll("-", "."),
  name.replace("-", "~"),
  name.replaceAll("-", "'"),
  name.replaceAll("-", ""),
  name.replaceAll("-", "--"),
  name.replace("-", "_-"),
  `${name}-`,
  `_${name}`,
];

describe("where a rule injects a credential, a second one of the caller is removed:", () => {
  const table = NAMES.flatMap(waysToWrite);

  test.each([...new Set(table)])("%s", async (name) => {
    for (const value of [OTHERS, `Bearer ${OTHERS}`, `${OTHERS}, ${OTHERS}`]) {
      const { headers } = await sent(bearing(TOKEN, PATH, { headers: { [name]: value } }));
      expect([...headers.keys()].sort()).toEqual(["authorization", "user-agent"]);
      expect(headers.get("authorization")).toBe(KEY);
    }
  });

  test.each(["Authorization", "AUTHORIZATION"])("%s beside a token elsewhere", async (name) => {
    for (const value of [OTHERS, `Bearer ${OTHERS}`, `Basic ${OTHERS}`, `Bearer ${OTHERS}, x`]) {
      const request = placed([{ headers: { "x-api-key": TOKEN, [name]: value } }]);
      const { headers } = await sent(request, { headers: [["X-Key", KEY]] });
      expect([...headers.keys()].sort()).toEqual(["user-agent", "x-key"]);
    }
  });

  test("whatever header the rule injects, for signed URLs as before", async () => {
    const now = new Date(NOW * 1000);
    const request = signed({ headers: { "x-api-key": OTHERS }, sign: { now } });
    const { headers } = await sent(request);
    expect(headers.get("x-api-key")).toBe(OTHERS);
  });
});

describe("where a rule injects nothing", () => {
  const bare = { headers: [] };

  test.each(NAMES)("%s of the caller passes", async (name) => {
    const { headers } = await sent(bearing(TOKEN, PATH, { headers: { [name]: OTHERS } }), bare);
    expect(headers.get(name)).toBe(OTHERS);
    expect(headers.has("authorization")).toBe(false);
  });
});

describe("the token goes up nowhere:", () => {
  const half = TOKEN.length / 2;
  test.each<readonly [what: string, headers: Record<string, string>, path?: string]>([
    ["twice in one header", { authorization: `Bearer ${TOKEN}` }],
    ["twice, with another scheme", { authorization: `Token ${TOKEN}` }],
    ["in a look-alike name", { X_Api_Key: TOKEN }],
    ["in another look-alike name", { authorization_: TOKEN }],
    ["in any header", { "x-trace": `a ${TOKEN} b` }],
    ["in User-Agent", { "user-agent": TOKEN }],
    ["in Referer", { referer: `https://a.example/?key=${TOKEN}` }],
    ["in Cookie", { cookie: `token=${TOKEN}` }],
    ["in Origin", { origin: `https://${TOKEN}` }],
    ["in Proxy-Authorization", { "proxy-authorization": `Bearer ${TOKEN}` }],
    ["in X-Forwarded-Authorization", { "x-forwarded-authorization": `Bearer ${TOKEN}` }],
    ["in a nominated header", { connection: "x-a", "x-a": TOKEN }],
    ["in Upgrade", { connection: "upgrade", upgrade: TOKEN }],
    ["in Expect", { expect: TOKEN }],
    ["in Sec-WebSocket-Protocol", { "sec-websocket-protocol": `x, ${TOKEN}` }],
    ["in another parameter", {}, `${PATH}?a=1&api_key=${TOKEN}&b=2`],
    ["in part of a parameter", {}, `${PATH}?a=1&q=x${TOKEN}x&b=2`],
    ["in a parameter twice", {}, `${PATH}?a=1&key=${TOKEN}&key=${TOKEN}&b=2`],
    ["as the name of a parameter", {}, `${PATH}?a=1&${TOKEN}&b=2`],
    ["in the name of a parameter", {}, `${PATH}?a=1&x[${TOKEN}]=1&b=2`],
    ["behind a semicolon", {}, `${PATH}?a=1&x=y;key=${TOKEN}&b=2`],
    ["with an escape", {}, `${PATH}?a=1&q=%65${TOKEN.slice(1)}&b=2`],
    ["with all escapes", {}, `${PATH}?a=1&q=${escaped(TOKEN)}&b=2`],
    ["with an escape beside a wrong one", {}, `${PATH}?a=1&q=%65${TOKEN.slice(1)}%zz&b=2`],
    ["with an escape beside no UTF-8", {}, `${PATH}?a=1&q=%ff%65${TOKEN.slice(1)}&b=2`],
    ["in a parameter of another method", {}, `${PATH}?a=1&access_token=${TOKEN}&b=2`],
  ])("%s", async (_, headers, path = PATH) => {
    const request = placed([{ headers: { authorization: `Bearer ${TOKEN}` } }], {
      method: "POST",
      headers,
      path,
    });
    for (const rule of [{}, { headers: [] }]) {
      const outbound = await sent(request.clone(), rule);
      const text = `${outbound.url}\n${JSON.stringify([...outbound.headers])}`;
      for (const spelling of spellings(TOKEN.slice(0, half))) expect(text).not.toContain(spelling);
      for (const spelling of spellings(TOKEN.slice(half))) expect(text).not.toContain(spelling);
      if (path !== PATH) expect(outbound.url).toBe(`${ORIGIN}/v1/items?a=1&b=2`);
    }
  });

  test.each([`/~${TOKEN}`, `/x/${TOKEN}`, `/x${TOKEN}x`, `/%65${TOKEN.slice(1)}`])(
    "in the path, as the path is refused: %#",
    async (inPath) => {
      const gateway = gatewayOf();
      for (const path of [`/api.example.com/v1${inPath}`, `//v1${inPath}`, `/${inPath}`]) {
        expect((await gateway.send(bearing(TOKEN, path))).status).toBe(403);
      }
      expect(gateway.fetched).toEqual([]);
    },
  );
});

describe("credentials in the query of Google's APIs", () => {
  const google = { ...ruleFor("https://generativelanguage.googleapis.com/", KEY) };
  const path = "/generativelanguage.googleapis.com/v1beta/models";
  const queryOf = async (query: string, rule: Partial<UpstreamRule> = {}, to = path) => {
    const upstreams = [{ ...google, ...rule }, ruleFor("https://api.example.com/")];
    const gateway = gatewayOf([appWith({ upstreams })]);
    const token = grants({});
    expect((await gateway.send(bearing(token, `${to}?${query}`))).status).toBe(200);
    return gateway.fetched[0]!.upstream.url.search;
  };

  test.each<readonly [query: string, left: string]>([
    [`key=${OTHERS}`, ""],
    [`alt=sse&key=${OTHERS}&a=1`, "?alt=sse&a=1"],
    [`key=a&key=b&access_token=c&alt=sse`, "?alt=sse"],
    [`oauth_token=a&alt=sse`, "?alt=sse"],
    [`%6bey=a&access%5Ftoken=b&alt=sse`, "?alt=sse"],
    [`KEY=a&Access_Token=b&alt=sse`, "?alt=sse"],
    [`key&access_token=&alt=sse`, "?alt=sse"],
    [`a=b;key=evil&alt=sse`, "?a=b&alt=sse"],
    [`key=evil;a=b;Access_Token=c&alt=sse`, "?a=b&alt=sse"],
    [`key=evil;access_token=c&alt=sse`, "?alt=sse"],
    [`+key=evil&key+=evil&%20key%20=evil&%09key=evil&alt=sse`, "?alt=sse"],
    [`key%00=1&key%00x=1&%6bey%00=1&alt=sse`, "?alt=sse"],
    [`key[]=a&key%5B0%5D=b&key[=c&alt=sse`, "?alt=sse"],
    [`$key=evil&%24key=evil&$Access_Token=a&$oauth_token=b&$.key=c&alt=sse`, "?alt=sse"],
    [`access.token=a&oauth+token=b&access[token=c&oauth%20token=d&alt=sse`, "?alt=sse"],
    [`key%ff=a&%ff=b&key=c`, "?key%ff=a&%ff=b"],
    [`a&&b=;c=&;`, "?a&&b=;c=&;"],
    [`keys=a&monkey=b&q=key`, "?keys=a&monkey=b&q=key"],
    [
      `x[key]=a&$keys=b&key-x=c&accesstoken=d&a=key;b=c`,
      "?x[key]=a&$keys=b&key-x=c&accesstoken=d&a=key;b=c",
    ],
  ])("are removed: %s", async (query, left) => expect(await queryOf(query)).toBe(left));

  test("are removed where the rule names the provider", async () => {
    const rule = { url: new URL("https://proxy.example/"), provider: "google" } as const;
    expect(await queryOf("key=a&alt=sse", rule, "/proxy.example/v1")).toBe("?alt=sse");
  });

  test("stay where the rule injects nothing, and at other APIs", async () => {
    expect(await queryOf("key=a", { headers: [] })).toBe("?key=a");
    expect(await queryOf("key=a&access_token=b", {}, "/api.example.com/v1")).toBe(
      "?key=a&access_token=b",
    );
  });
});

describe("the header for the subject", () => {
  const rule = { subjectHeader: "X-User-Id" };
  const ways = [...waysToWrite("X-User-Id"), "XUserId", "XUSERID", "x-userid", "X.User.Id"];
  const spoofed = Object.fromEntries(ways.map((name) => [name.toLowerCase(), "root"]));
  const token = (sub?: string) => grants({}, { sub });

  test("has the verified subject and nothing of the caller's", async () => {
    const { headers } = await sent(bearing(token("user-1"), PATH, { headers: spoofed }), rule);
    expect([...headers.keys()].sort()).toEqual(["authorization", "user-agent", "x-user-id"]);
    expect(headers.get("x-user-id")).toBe("user-1");
  });

  test.each<readonly [what: string, request: () => Request]>([
    ["a token without a subject", () => bearing(token(), PATH, { headers: spoofed })],
    ["a signed URL", () => signed({ headers: spoofed, sign: { now: new Date(NOW * 1000) } })],
    [
      "a signed URL that signs it",
      () => {
        const headers = { "x-user-id": "root", xuserid: "root", "x--user--id": "root" };
        return signed({ headers: spoofed, sign: { now: new Date(NOW * 1000), headers } });
      },
    ],
  ])("is removed for %s", async (_, request) => {
    const { headers } = await sent(request(), rule);
    expect([...headers.keys()].filter((name) => /user/.test(name))).toEqual(["user-agent"]);
    expect([...headers.values()]).not.toContain("root");
  });

  test("is no other header of the caller's", async () => {
    const others = { "X-User": "1", "X-User-Ids": "2", "User-Id": "3", "X-User-Id-2": "4" };
    const { headers } = await sent(bearing(token("user-1"), PATH, { headers: others }), rule);
    expect(Object.keys(others).map((name) => headers.get(name))).toEqual(["1", "2", "3", "4"]);
  });

  test.each(["two words", "Zoë", "\ud83d\udd11", "a\tb", "a\nb"])(
    "refuses the subject %j",
    async (sub) => {
      const gateway = gatewayOf([appWith({ upstreams: [{ ...ruleFor(`${ORIGIN}/`), ...rule }] })]);
      expect((await gateway.send(bearing(token(sub)))).status).toBe(401);
      expect(gateway.fetched).toEqual([]);
      expect((await gatewayOf().send(bearing(token(sub)))).status).toBe(200);
    },
  );
});

function escaped(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `%${byte.toString(16)}`).join("");
}
