import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { appliedTo } from "./policies.ts";

const PATHS = ["/users/public/", "/users/", "/users/public/deep/", "/api", "/api/v1", "/café/"];

const upstream = await startUpstream([respond("ok")]);
const routes = (paths: readonly string[]) =>
  paths.map((path) => ({
    path,
    upstream: upstream.url,
    signature: "none" as const,
    headers: { "X-Route": encodeURI(path) },
  }));
const gateway = await startConfigured({ route: routes(PATHS) });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function routeOf(target: string): Promise<string | number> {
  const before = upstream.requests.length;
  const { status } = await plainExchange(gateway, "GET", target);
  if (status !== 200) expect(upstream.requests).toHaveLength(before);
  return status === 200 ? decodeURI(appliedTo(upstream.requests.at(-1)!)) : status;
}

const BOUNDARIES: [target: string, route: string | 404][] = [
  ["/users/", "/users/"],
  ["/users/a", "/users/"],
  ["/users/?/users/public/", "/users/"],
  ["/users/public", "/users/"],
  ["/users/publicx", "/users/"],
  ["/users/publi/c", "/users/"],
  ["/users/public/", "/users/public/"],
  ["/users/public/a", "/users/public/"],
  ["/users/public/a/deep/", "/users/public/"],
  ["/users/public/deep", "/users/public/"],
  ["/users/public/deep/", "/users/public/deep/"],
  ["/users/public/deep/a/b?c", "/users/public/deep/"],
  ["/api", "/api"],
  ["/api?a", "/api"],
  ["/api/", "/api"],
  ["/api/a", "/api"],
  ["/api/v1", "/api/v1"],
  ["/api/v1/", "/api/v1"],
  ["/api/v1/a", "/api/v1"],
  ["/api/v10", "/api"],
  ["/api/v1.1", "/api"],
  ["/caf%C3%A9/", "/café/"],
  ["/caf%c3%a9/a%20b", "/café/"],
  ["/", 404],
  ["/users", 404],
  ["/usersx/", 404],
  ["/user/", 404],
  ["/apis", 404],
  ["/api-docs", 404],
  ["/Api", 404],
  ["/x/users/", 404],
];

describe("the longest prefix wins, at / boundaries", () => {
  const table = BOUNDARIES;

  test.each(table)("%s belongs to %s", async (target, route) => {
    expect(await routeOf(target)).toBe(route);
  });

  test("in whatever order the routes stand", async () => {
    await gateway.reconfigure({ route: routes(PATHS.toReversed()) });
    for (const [target, route] of table)
      expect([target, await routeOf(target)]).toEqual([target, route]);
    await gateway.reconfigure({ route: routes(PATHS) });
  });

  test("a route for everything takes what no other has", async () => {
    await gateway.reconfigure({ route: routes(["/", ...PATHS]) });
    for (const [target, route] of table) {
      const owner = route === 404 ? "/" : route;
      expect([target, await routeOf(target)]).toEqual([target, owner]);
    }
    await gateway.reconfigure({ route: routes(PATHS) });
  });

  test("without a route a request is 404, by name", async () => {
    const response = await plainExchange(gateway, "GET", "/nowhere");
    expect(problemOf(response)).toMatchObject({ status: 404, code: "route_unknown" });
  });
});

describe("a route's path that could never match as it is written is refused, or matches", () => {
  test.each([
    ["/caf%C3%A9/", "/caf%C3%A9/x"],
    ["/a%20b/", "/a%20b/x"],
    ["/%75sers/", "/users/x"],
    ["/a//b/", "/a//b/x"],
    ["/a/../b/", "/b/x"],
    ["/a/./b/", "/a/b/x"],
    ["/a/%2e%2e/b/", "/b/x"],
    ["/a\\b/", "/a/b/x"],
  ])("%s", async (path, target) => {
    const refusal = await gateway.reconfigure({ route: routes([path]) }).catch((error) => error);
    const outcome = refusal instanceof Error ? "refused" : await routeOf(target);
    expect(["refused", path]).toContain(String(outcome));
    await gateway.reconfigure({ route: routes(PATHS) });
  });
});
