import { describe, expect, test } from "bun:test";
import { METHODS, placed, type Slot, SLOTS } from "./slots.ts";
import {
  appWith,
  assertNowhere,
  bearing,
  gatewayOf,
  grants,
  ITEMS,
  KEY,
  minted,
  PATH,
  refusalOf,
  ruleFor,
} from "./token_gateway.ts";

/** Paths of the gateway, and where they lead. */
const TARGETS: readonly (readonly [path: string, url: string])[] = [
  [PATH, ITEMS],
  [`${PATH}?q=1&q=2`, `${ITEMS}?q=1&q=2`],
  [`${PATH}?q=a%20b+c%2Fd&e&=f&q=%zz`, `${ITEMS}?q=a%20b+c%2Fd&e&=f&q=%zz`],
  ["/API.Example.COM:443/v1/items", ITEMS],
  ["/api.example.com//v1/items", ITEMS],
  ["/v1/items?q=1", `${ITEMS}?q=1`],
  ["//v1/items", ITEMS],
  ["/api.example.com/v1/a%2Fb/%7e", "https://api.example.com/v1/a%2Fb/%7e"],
];

const TOKEN = grants({ to: ["https://api.example.com/v1/"] });

describe.each(SLOTS)("a token in $what", ({ methods = METHODS, place }) => {
  test.each(METHODS)("of a request with %s", async (method) => {
    for (const [path, url] of TARGETS) {
      const request = placed([place(TOKEN)], { method, path });
      if (methods.includes(method)) await expectForwarded(request, url);
      else await expectNoToken(request);
    }
  });
});

async function expectForwarded(request: Request, url: string): Promise<void> {
  const gateway = gatewayOf();
  const response = await gateway.send(request);
  expect([request.url, response.status]).toEqual([request.url, 200]);
  await response.text();
  const [sent, ...others] = gateway.fetched;
  expect(others).toEqual([]);
  const { upstream, request: outbound } = sent!;
  expect([outbound.method, upstream.url.href]).toEqual([request.method, url]);
  expect(outbound.headers.get("authorization")).toBe(KEY);
  const names = [...outbound.headers.keys()].filter((name) => name !== "user-agent");
  expect(names).toEqual(["authorization"]);
  assertNowhere(TOKEN, [
    JSON.stringify([...outbound.headers]) + upstream.url,
    JSON.stringify(gateway.records) + JSON.stringify([...response.headers]),
  ]);
}

async function expectNoToken(request: Request): Promise<void> {
  const gateway = gatewayOf();
  // Without a token it is a request for the gateway itself.
  if (request.method === "OPTIONS") {
    expect((await gateway.send(request)).status).toBe(204);
    expect(gateway.fetched).toEqual([]);
    return;
  }
  const { status, code } = await refusalOf(gateway, request, TOKEN);
  expect([status, code]).toEqual([400, "signature_missing"]);
}

describe("two tokens", () => {
  const isInPath = ({ place }: Slot) => place("").prefix !== undefined;
  // One path holds one token.
  const pairs = SLOTS.flatMap((one) =>
    SLOTS.filter((two) => !isInPath(one) || !isInPath(two)).map(
      (two) => [one.what, two.what, one, two] as const,
    ),
  );
  const other = grants({ to: ["https://api.example.com/"] });

  test.each(pairs)("that differ, in %s and %s, are refused", async (_, __, one, two) => {
    const request = placed([one.place(TOKEN), two.place(other)]);
    const { status, code } = await refusalOf(gatewayOf(), request, TOKEN);
    expect([status, code]).toEqual([401, "token_repeated"]);
  });

  test.each(pairs)("that are one, in %s and %s, are one", async (_, __, one, two) => {
    const gateway = gatewayOf();
    const response = await gateway.send(placed([one.place(TOKEN), two.place(TOKEN)]));
    expect(response.status).toBe(200);
    const [sent] = gateway.fetched;
    expect(sent?.upstream.url.href).toBe(ITEMS);
    expect(sent?.request.headers.get("authorization")).toBe(KEY);
    assertNowhere(TOKEN, [JSON.stringify([...sent!.request.headers])]);
  });

  test("of which one is of nobody here, are one", async () => {
    const nobody = minted({ claims: { iss: "https://id.example.com" } });
    const gateway = gatewayOf([appWith({ upstreams: [{ ...ruleFor(ITEMS), headers: [] }] })]);
    const request = bearing(nobody, PATH, { headers: { "x-api-key": TOKEN } });
    expect((await gateway.send(request)).status).toBe(200);
    const headers = gateway.fetched[0]?.request.headers;
    expect(headers?.get("authorization")).toBe(`Bearer ${nobody}`);
    expect(headers?.has("x-api-key")).toBe(false);
  });
});

describe("a value is no token", () => {
  test.each<readonly [what: string, init: RequestInit, path: string]>([
    ["with another scheme", { headers: { authorization: `Basic ${TOKEN}` } }, PATH],
    ["without a scheme", { headers: { authorization: TOKEN } }, PATH],
    ["with a word behind", { headers: { authorization: `Bearer ${TOKEN} x` } }, PATH],
    ["with a scheme that begins alike", { headers: { authorization: `Bearers ${TOKEN}` } }, PATH],
    ["in another header", { headers: { "x-auth-token": TOKEN } }, PATH],
    ["in a header with an underscore", { headers: { x_api_key: TOKEN } }, PATH],
    ["in Proxy-Authorization", { headers: { "proxy-authorization": `Bearer ${TOKEN}` } }, PATH],
    ["in a cookie", { headers: { cookie: `token=${TOKEN}` } }, PATH],
    ["with a scheme in x-api-key", { headers: { "x-api-key": `Bearer ${TOKEN}` } }, PATH],
    ["in another parameter", {}, `${PATH}?api_key=${TOKEN}`],
    ["in a parameter in other capitals", {}, `${PATH}?Key=${TOKEN}`],
    ["behind a semicolon", {}, `${PATH}?a=b;key=${TOKEN}`],
    ["as the name of a parameter", {}, `${PATH}?${TOKEN}`],
    ["in the middle of the path", {}, `/api.example.com/~${TOKEN}/v1/items`],
    ["in the path without the sign", {}, `/${TOKEN}${PATH}`],
    ["behind two slashes", {}, `//~${TOKEN}${PATH}`],
    ["as the first of the protocols", { headers: { "sec-websocket-protocol": TOKEN } }, PATH],
    ["behind another protocol", { headers: { "sec-websocket-protocol": `a, ${TOKEN}` } }, PATH],
  ])("%s", async (_, init, path) => {
    const request = placed([], { ...init, path });
    const { status, code } = await refusalOf(gatewayOf(), request, TOKEN);
    expect([status, code]).toEqual([400, "signature_missing"]);
  });
});

describe("the length of a token", () => {
  const sized = (length: number) => {
    const { to, x } = { to: ["https://api.example.com/v1/"], x: "" };
    for (let fill = length / 2; ; fill++) {
      const token = grants({ to }, { x: x.padEnd(fill, "x") });
      if (token.length >= length) return token;
    }
  };
  const inUrl = SLOTS.filter(({ place }) => !place("").headers);

  test.each(inUrl)("is at most 2,048 characters in $what", async ({ place }) => {
    const long = sized(2_049);
    const { status, code } = await refusalOf(gatewayOf(), placed([place(long)]), long);
    expect([status, code]).toEqual([401, "token_malformed"]);
    const gateway = gatewayOf();
    expect((await gateway.send(placed([place(sized(2_046))]))).status).toBe(200);
    const beside = placed([place(long), { headers: { authorization: `Bearer ${long}` } }]);
    expect((await gateway.send(beside)).status).toBe(401);
  });

  test("is not limited to that in a header", async () => {
    expect((await gatewayOf().send(bearing(sized(2_049)))).status).toBe(200);
  });
});

describe("a token in the path", () => {
  test.each<readonly [what: string, sw: object]>([
    ["names no target", {}],
    ["names two origins", { to: ["https://api.example.com/", "https://b.example/"] }],
    ["names two schemes", { to: ["https://api.example.com/", "http://api.example.com/"] }],
  ])("is refused when it %s", async (_, sw) => {
    const token = grants(sw);
    const request = placed([{ prefix: `/~${token}` }]);
    const { status, code } = await refusalOf(gatewayOf(), request, token);
    expect([status, code]).toEqual([403, "target_not_granted"]);
  });

  test("may name several paths of one origin", async () => {
    const token = grants({
      to: ["https://api.example.com/v1/", "POST https://api.example.com/v2/"],
    });
    expect((await gatewayOf().send(placed([{ prefix: `/~${token}` }]))).status).toBe(200);
  });
});
