import { describe, expect, test } from "bun:test";
import type { App } from "../../../../lib/gateway/model/app.ts";
import type { CorsPolicy } from "../../../../lib/gateway/model/cors_policy.ts";
import type { Route } from "../../../../lib/gateway/model/route.ts";
import { placed, SLOTS } from "./slots.ts";
import {
  appWith,
  assertNowhere,
  bearing,
  EDGE,
  gatewayOf,
  grants,
  minted,
  PATH,
  ruleFor,
} from "./token_gateway.ts";

const A = "https://a.example";
const B = "https://b.example";
const NOBODY = { origins: [] };
const TOKEN = grants({ to: ["https://api.example.com/"] });

const preflight = (origin: string, path = PATH, place = {}) =>
  placed([place], {
    path,
    method: "OPTIONS",
    headers: {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    },
  });

const app = (id: string, cors?: CorsPolicy): App => appWith({ id, ...(cors && { cors }) });
const route = (path: string, cors: CorsPolicy): Route => ({
  id: path,
  path,
  upstream: new URL("https://inside.example/"),
  upstreams: [ruleFor("https://inside.example/")],
  cors,
});

async function granted(
  apps: readonly App[],
  cors: CorsPolicy,
  request: Request,
  routes: Route[] = [],
) {
  const gateway = gatewayOf(apps, { cors, apps: () => apps, sources: { routes } });
  const response = await gateway.send(request);
  expect([response.status, gateway.fetched.length, gateway.resolved.length]).toEqual([204, 0, 0]);
  expect(gateway.records).toMatchObject([{ outcome: "preflight", status: 204 }]);
  const headers = [...response.headers].join("\n");
  assertNowhere(TOKEN, [headers, JSON.stringify(gateway.records)]);
  expect(response.headers.has("access-control-allow-credentials")).toBe(false);
  return response.headers.get("access-control-allow-origin");
}

describe("a preflight gets what any app or the gateway grants", () => {
  const apps = [app("one", { origins: [A] }), app("two", { origins: [B] })];

  test.each([
    [A, NOBODY, A],
    [B, NOBODY, B],
    ["https://c.example", NOBODY, null],
    ["null", NOBODY, null],
    ["https://c.example", {}, "*"],
    ["https://c.example", { origins: ["https://c.example"] }, "https://c.example"],
  ] as const)("%s, where the gateway has %j: %p", async (origin, cors, allowed) => {
    expect(await granted(apps, cors, preflight(origin))).toBe(allowed);
  });

  test("whatever the path is", async () => {
    for (const path of ["/", "/v1", "/api.example.com/x", "//x", "/~abc/api.example.com/"]) {
      expect(await granted(apps, NOBODY, preflight(A, path))).toBe(A);
    }
  });

  test("an app without a policy has the gateway's", async () => {
    expect(await granted([app("one")], NOBODY, preflight(A))).toBeNull();
    expect(await granted([app("one")], { origins: [A] }, preflight(A))).toBe(A);
  });

  test("the header names are those that the browser asks for", async () => {
    const gateway = gatewayOf(apps, { cors: NOBODY, apps: () => apps });
    const { headers } = await gateway.send(preflight(A));
    expect(headers.get("access-control-allow-headers")).toBe("authorization,content-type");
    expect(headers.get("access-control-allow-methods")).toBe("POST");
  });

  test("the one app of a token in the URL decides", async () => {
    const own = appWith({ cors: { origins: [A] } });
    for (const { place } of SLOTS.filter(({ methods, place: at }) => !methods && !at("").headers)) {
      const apps = [own, app("two", { origins: [B] })];
      expect(await granted(apps, NOBODY, preflight(A, PATH, place(TOKEN)))).toBe(A);
      expect(await granted(apps, NOBODY, preflight(B, PATH, place(TOKEN)))).toBeNull();
    }
  });

  test("an expired token in the URL is not verified", async () => {
    const expired = minted({ claims: { exp: 1 }, secret: "x" });
    const own = appWith({ cors: { origins: [A] } });
    expect(await granted([own], NOBODY, preflight(A, `${PATH}?key=${expired}`))).toBe(A);
  });
});

describe("the record of a preflight tells why the browser stops:", () => {
  test.each<readonly [what: string, cors: CorsPolicy, reason: string | undefined]>([
    ["any origin", {}, undefined],
    ["its origin", { origins: [A] }, undefined],
    ["another origin", { origins: [B] }, "origin not allowed"],
    ["no origin", { origins: [] }, "origin not allowed"],
    ["its method", { methods: ["DELETE"] }, undefined],
    ["another method", { methods: ["PUT"] }, "method not allowed"],
    ["its headers", { headers: ["Content-Type", "Authorization", "X-A"] }, undefined],
    ["one of its headers", { headers: ["Authorization"] }, "header not allowed"],
    ["no headers", { headers: [] }, "header not allowed"],
  ])("%s", async (_, cors, reason) => {
    const gateway = gatewayOf([app("one", cors)], { cors: NOBODY, apps: () => [app("one", cors)] });
    const request = new Request(preflight(A));
    request.headers.set("access-control-request-method", "DELETE");
    await gateway.send(request);
    expect(gateway.records[0]?.reason).toBe(reason);
  });

  test("a safe method needs no permission, and a preflight may ask for no header", async () => {
    const cors = { origins: [A], methods: [], headers: [] };
    const gateway = gatewayOf([app("one", cors)], { cors: NOBODY, apps: () => [app("one", cors)] });
    const request = preflight(A);
    request.headers.delete("access-control-request-headers");
    await gateway.send(request);
    expect(gateway.records[0]).not.toHaveProperty("reason");
  });

  test("a probe is no page", async () => {
    const gateway = gatewayOf([], { cors: NOBODY });
    await gateway.send(new Request(EDGE, { method: "OPTIONS" }));
    expect(gateway.records[0]).toMatchObject({ outcome: "preflight" });
    expect(gateway.records[0]).not.toHaveProperty("reason");
  });
});

describe("a preflight under a route", () => {
  const apps = [app("one", { origins: [A] }), app("open", {})];

  test("gets what the route grants, whatever the apps do", async () => {
    const routes = [route("/hooks/", { origins: [B] })];
    expect(await granted(apps, NOBODY, preflight(B, "/hooks/a"), routes)).toBe(B);
    expect(await granted(apps, NOBODY, preflight(A, "/hooks/a"), routes)).toBeNull();
    expect(await granted(apps, NOBODY, preflight(A), routes)).toBe(A);
  });

  test("that has every path gets what an app grants, too", async () => {
    const routes = [route("/", { origins: [B] })];
    expect(await granted(apps.slice(0, 1), NOBODY, preflight(A), routes)).toBe(A);
    expect(await granted(apps.slice(0, 1), NOBODY, preflight(B), routes)).toBe(B);
  });
});

describe("the response has the policy of the app", () => {
  test.each([
    [A, A],
    [B, null],
  ])("for a page of %s: %p", async (origin, allowed) => {
    const apps = [appWith({ cors: { origins: [A] } }), app("two", { origins: [B] })];
    const gateway = gatewayOf(apps, { cors: NOBODY, apps: () => apps });
    for (const token of [TOKEN, minted({ claims: { exp: 1 } }), minted({ secret: "x" })]) {
      const { headers } = await gateway.send(bearing(token, PATH, { headers: { origin } }));
      expect(headers.get("access-control-allow-origin")).toBe(allowed);
      expect(headers.get("vary")?.toLowerCase()).toContain("origin");
    }
  });
});

describe("OPTIONS that is no preflight", () => {
  test("with a token is forwarded", async () => {
    const gateway = gatewayOf();
    expect((await gateway.send(bearing(TOKEN, PATH, { method: "OPTIONS" }))).status).toBe(200);
    expect(gateway.fetched[0]?.request.method).toBe("OPTIONS");
  });

  test("with a bad token is refused", async () => {
    const gateway = gatewayOf();
    const token = minted({ secret: "x" });
    expect((await gateway.send(bearing(token, PATH, { method: "OPTIONS" }))).status).toBe(401);
  });

  test("with a token of nobody here is the gateway's own", async () => {
    const gateway = gatewayOf();
    const token = minted({ claims: { iss: "nobody" } });
    expect((await gateway.send(bearing(token, PATH, { method: "OPTIONS" }))).status).toBe(204);
    expect(gateway.fetched).toEqual([]);
  });

  test("with an Origin alone and a token is forwarded", async () => {
    const gateway = gatewayOf();
    const init = { method: "OPTIONS", headers: { origin: A } };
    expect((await gateway.send(bearing(TOKEN, PATH, init))).status).toBe(200);
    expect(new URL(EDGE).origin).toBe(EDGE);
  });
});
