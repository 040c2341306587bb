import { describe, expect, test } from "bun:test";
import type { App } from "../../../lib/gateway/model/app.ts";
import type { Route } from "../../../lib/gateway/model/route.ts";
import type { UpstreamRule } from "../../../lib/gateway/model/rule.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { GATEWAY, gatewayUnderTest, KEY, signed } from "./in_process_gateway.ts";

/** A gateway with one app, which has answered a request. */
async function startUsed() {
  let release = Promise.resolve();
  const rule: UpstreamRule = { url: new URL("https://api.example.com/v1/"), headers: [KEY] };
  const app: App = { id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstreams: [rule] };
  let current = app;
  const gateway = gatewayUnderTest({
    sources: { findApp: () => current },
    answer: async () => (await release, new Response("answer")),
  });
  // Until its body is read, it holds its place.
  expect(await (await gateway.send(signed())).text()).toBe("answer");
  /** The statuses of two requests that are open at the same time. */
  const statusesOfTwo = async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    release = promise;
    const sent = [gateway.send(signed()), gateway.send(signed())];
    // The refusal of one of them comes first. Where there is none, both are forwarded.
    const bothForwarded = (async () => {
      while (gateway.fetched.length < 3) await Bun.sleep(1);
    })();
    await Promise.race([...sent, bothForwarded]);
    resolve();
    return (await Promise.all(sent)).map(({ status }) => status).toSorted();
  };
  return { app, rule, statusesOfTwo, replace: (next: App) => void (current = next) };
}

describe("a limit that a program sets in an app that was used before holds:", () => {
  test.each<[string, (used: Awaited<ReturnType<typeof startUsed>>) => void]>([
    ["in the app", ({ app }) => void (app.maxConnections = 1)],
    ["in the rule", ({ rule }) => void (rule.maxConnections = 1)],
    ["in a new app", ({ app, replace }) => replace({ ...app, maxConnections: 1 })],
  ])("%s", async (_, change) => {
    const used = await startUsed();
    change(used);
    expect(await used.statusesOfTwo()).toEqual([200, 503]);
  });
});

test("options are read once", async () => {
  const upstream = new URL("https://api.example.com/");
  const route: Route = {
    id: "/a/",
    path: "/a/",
    upstream,
    upstreams: [{ url: upstream, headers: [] }],
  };
  const routes = [route];
  const hooks: { onRequest?: () => Response } = {};
  const cors: { origins?: string[] } = {};
  const limits: { maxExpires?: number } = {};
  const gateway = gatewayUnderTest({ sources: { routes }, hooks, cors, limits });
  const expected = await gateway.send(signed({ headers: { Origin: "https://page.example" } }));
  expect(expected.status).toBe(200);
  hooks.onRequest = () => new Response("changed", { status: 418 });
  cors.origins = ["https://other.example"];
  limits.maxExpires = 1;
  routes.push({ ...route, id: "/b/", path: "/b/" });
  const response = await gateway.send(signed({ headers: { Origin: "https://page.example" } }));
  expect(response.status).toBe(200);
  const allowed = "access-control-allow-origin";
  expect(response.headers.get(allowed)).toBe(expected.headers.get(allowed));
  const statusOf = async (path: string) => (await gateway.send(new Request(GATEWAY + path))).status;
  expect(await statusOf("a/x")).toBe(200);
  expect(await statusOf("b/x")).toBe(404);
});

test("hooks may be the methods of a class", async () => {
  class Refusals {
    onRequest(): Response {
      return new Response("refused", { status: 418 });
    }
  }
  const gateway = gatewayUnderTest({ hooks: new Refusals() });
  expect((await gateway.send(signed())).status).toBe(418);
});
