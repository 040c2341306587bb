import { describe, expect, test } from "bun:test";
import type { Route } from "../../../../lib/gateway/model/route.ts";
import { mint } from "../../../support/minted.ts";
import { KEY as USUAL_KEY, signed, TARGET } from "../in_process_gateway.ts";
import { placed, SLOTS } from "./slots.ts";
import {
  appWith,
  assertNowhere,
  bearing,
  gatewayOf,
  grants,
  minted,
  NOW,
  refusalOf,
  ruleFor,
} from "./token_gateway.ts";

const now = new Date(NOW * 1000);
const OWN = grants({ to: ["https://api.example.com/"] });
const USER = minted({ claims: { iss: "https://id.example.com/", sub: "user-1" } });

const ROUTES: readonly Route[] = ["/", "/hooks/"].map((path) => ({
  id: path,
  path,
  upstream: new URL("https://inside.example/base/"),
  upstreams: [
    { url: new URL("https://inside.example/base/"), headers: [["X-Key", "of the route"]] },
  ],
}));

/** Puts what a slot adds into a signed URL, as far as it can be added to one. */
function beside(
  signedUrl: Request,
  { headers = {}, query, prefix = "" }: ReturnType<(typeof SLOTS)[0]["place"]>,
) {
  const url = new URL(signedUrl.url);
  const search = query === undefined ? url.search : `${url.search}&${query}`;
  const all = new Headers(signedUrl.headers);
  for (const [name, value] of Object.entries(headers)) all.append(name, value);
  return new Request(`${url.origin}${prefix}${url.pathname}${search}`, {
    method: signedUrl.method,
    headers: all,
  });
}

describe.each(SLOTS)("a signed URL with a JWT in $what", ({ place }) => {
  const values: readonly (readonly [what: string, token: string])[] = [
    ["a right one", OWN],
    ["an expired one", minted({ claims: { exp: NOW } })],
    ["one that is signed wrongly", minted({ secret: "x" })],
    ["a malformed one", minted({ claims: { sw: 1 } })],
  ];

  test.each(values)("of an app: %s", async (_, token) => {
    const request = beside(signed({ sign: { now } }), place(token));
    const { status, code } = await refusalOf(gatewayOf(), request, token);
    expect([status, code]).toEqual([401, "token_repeated"]);
  });

  test("of an app, whose URL is signed wrongly: no signature is computed", async () => {
    let computed = 0;
    const verifyHmac = () => Promise.resolve(++computed > 0);
    const gateway = gatewayOf([appWith()], { verifyHmac });
    await gateway.send(beside(signed({ sign: { now, secret: "x" } }), place(OWN)));
    expect(computed).toBe(0);
  });

  test("of nobody here goes on as before", async () => {
    const added = place(USER);
    const request = beside(signed({ sign: { now } }), added);
    const gateway = gatewayOf([
      appWith({ upstreams: [{ ...ruleFor("https://api.example.com/"), headers: [] }] }),
    ]);
    const response = await gateway.send(request);
    // A signed URL is refused with another parameter of the protocol, or another path.
    const isChanged = added.query?.startsWith("X-Sw-") || added.prefix !== undefined;
    expect(response.status).toBe(isChanged ? 400 : 200);
    if (isChanged) return;
    expect(gateway.fetched[0]?.upstream.url.href).toBe(TARGET);
    const [name, value] = Object.entries(added.headers ?? { "x-none": "" })[0]!;
    const expected = /^sec-websocket-|^x-none$/i.test(name) ? null : value;
    expect(gateway.fetched[0]?.request.headers.get(name)).toBe(expected);
  });
});

describe("a route", () => {
  const paths = ["/hooks/a", "/api.example.com/v1/items", "/a"];

  test.each(SLOTS)("passes a user's JWT in $what untouched", async ({ what, place }) => {
    for (const path of paths) {
      const gateway = gatewayOf([appWith()], { sources: { routes: ROUTES } });
      const request = placed([place(USER)], { path });
      const response = await gateway.send(request);
      await response.text();
      const { upstream, request: outbound } = gateway.fetched[0]!;
      const url = new URL(request.url);
      expect(upstream.url.href).toBe(`https://inside.example/base${url.pathname}${url.search}`);
      for (const [name, value] of Object.entries(place(USER).headers ?? {})) {
        expect(outbound.headers.get(name)).toBe(what.startsWith("Sec-") ? null : value.trim());
      }
      assertNowhere(USER, [JSON.stringify(gateway.records)]);
    }
  });

  test.each(SLOTS)("leaves a request with a token in $what to the app", async ({ place }) => {
    const gateway = gatewayOf([appWith()], { sources: { routes: ROUTES } });
    expect((await gateway.send(placed([place(OWN)]))).status).toBe(200);
    expect(gateway.fetched[0]?.upstream.url.host).toBe("api.example.com");
    expect(gateway.fetched[0]?.request.headers.get("authorization")).toBe(USUAL_KEY[1]);
    expect(gateway.records[0]?.app ?? "test-app").toBe("test-app");
  });

  test("leaves a bad token to the app, too", async () => {
    for (const path of paths) {
      const token = minted({ secret: "x" });
      const gateway = gatewayOf([appWith()], { sources: { routes: ROUTES } });
      const { code } = await refusalOf(gateway, bearing(token, path), token);
      expect(code).toBe("token_signature_mismatch");
    }
  });

  test("gets the requests of an app without tokens", async () => {
    const app = appWith({ tokens: { enabled: false } });
    const gateway = gatewayOf([app], { sources: { routes: ROUTES } });
    expect((await gateway.send(bearing(OWN, "/hooks/a"))).status).toBe(200);
    expect(gateway.fetched[0]?.request.headers.get("authorization")).toBe(`Bearer ${OWN}`);
  });
});

describe("no record has a segment that may be a token", () => {
  const segments = [
    "~abc",
    "~",
    "eyJhbGci.x.y",
    "%7Eabc",
    "%65yJabc",
    "e%79J",
    "ey%4Aabc",
    "eyjabc",
    "aeyJ",
  ];

  test.each(segments)("%s", async (segment) => {
    const gateway = gatewayOf([appWith()], { sources: { routes: ROUTES } });
    for (const path of [
      `/${segment}`,
      `/a/${segment}/b`,
      `/a/${segment}`,
      `/a%2F${segment}/b`,
      `/${segment}/${segment}`,
    ]) {
      await (await gateway.send(new Request(`https://edge.example.net${path}`))).text();
    }
    const target = `https://api.example.com/v1/${segment}/b`;
    await (await gateway.send(signed({ target, sign: { now } }))).text();
    await (await gateway.send(bearing(OWN, `/api.example.com/v1/${segment}/b`))).text();
    expect(gateway.records).toHaveLength(7);
    for (const { upstream = "" } of gateway.records) {
      expect(upstream).not.toMatch(/~|%7e|e.{0,2}y.{0,2}J/i);
      expect(upstream).toContain("…");
    }
  });

  test.each(["a~", "eye", "%20~x", "key", "v1.2.3", "%6bey"])("but %s stays", async (segment) => {
    const gateway = gatewayOf();
    await (await gateway.send(bearing(OWN, `/api.example.com/v1/${segment}`))).text();
    expect(gateway.records[0]?.upstream).toBe(`https://api.example.com/v1/${segment}`);
  });
});

describe("no record has a token that the client takes for something else", () => {
  const short = mint({
    rawHeader: '{"alg":"HS256"}',
    rawPayload: '{"iss":"test-app","exp":1,"sw":{}}',
  });

  test("as the id of the request", async () => {
    expect(short.length).toBeLessThanOrEqual(128);
    const gateway = gatewayOf();
    const headers = { "x-request-id": short };
    const response = await gateway.send(bearing(OWN, "/api.example.com/v1/items", { headers }));
    await response.text();
    assertNowhere(short, [JSON.stringify(gateway.records), JSON.stringify([...response.headers])]);
  });

  test("as the id of an app in a signed URL", async () => {
    const gateway = gatewayOf();
    await gateway.send(signed({ sign: { now, id: short } }));
    expect(gateway.records).toMatchObject([{ app: "…", code: "app_unknown" }]);
  });

  test("as the host of a target", async () => {
    const gateway = gatewayOf();
    const { code } = await refusalOf(gateway, bearing(OWN, `/${short}/v1/items`), short);
    expect(code).toBe("target_not_allowed");
  });
});
