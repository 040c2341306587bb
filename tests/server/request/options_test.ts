import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const APP = "https://app.example";

const upstream = await startUpstream([respond("ok")]);
const none = { upstream: upstream.url, signature: "none" as const };
const plain = await startGateway({ args: ["--upstream", upstream.url] });
const routed = await startConfigured({
  app: [{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream: [{ url: upstream.url }] }],
  cors: { allow_origins: [APP], allow_methods: ["GET"], allow_headers: ["x-one"] },
  route: [
    { path: "/open/", ...none },
    { path: "/open/inner/", ...none, methods: ["GET"] },
  ],
});

afterAll(async () => {
  for (const gateway of [plain, routed]) await gateway.stop();
  await upstream.stop();
});

const PATHS = ["/", "/health", "/?", "/?a=b", "/a/b?X-Sw-Credential=x", "/X-Sw-Algorithm=x", "//"];
const HEADERS: [string, string[]][] = [
  ["without headers", []],
  ["with an Origin", [`Origin: ${APP}`]],
  ["with half of a preflight", ["Access-Control-Request-Method: POST"]],
  ["with a body", ["Content-Length: 5"]],
];

describe("an OPTIONS that is for no upstream is answered here", () => {
  test.each(HEADERS)("%s", async (_, headers) => {
    const before = upstream.connections.length;
    for (const gateway of [plain, routed]) {
      for (const path of PATHS) {
        const body = headers[0] === "Content-Length: 5" ? "hello" : "";
        const response = await plainExchange(gateway, "OPTIONS", path, { headers, body });
        expect([path, response.status, response.body.length]).toEqual([path, 204, 0]);
        expect(response.all("access-control-max-age")).toEqual(["600"]);
      }
    }
    expect(upstream.connections).toHaveLength(before);
  });

  test("with the gateway's own policy", async () => {
    const headers = [`Origin: ${APP}`];
    const open = await plainExchange(plain, "OPTIONS", "/", { headers });
    expect(open.all("access-control-allow-origin")).toEqual(["*"]);
    expect(open.all("access-control-allow-methods").join()).toContain("POST");
    expect(open.all("access-control-allow-headers")).toEqual([]);
    const listed = await plainExchange(routed, "OPTIONS", "/", { headers });
    expect(listed.all("access-control-allow-origin")).toEqual([APP]);
    expect(listed.all("access-control-allow-methods")).toEqual(["GET"]);
    expect(listed.all("access-control-allow-headers")).toEqual(["x-one"]);
    const stranger = await plainExchange(routed, "OPTIONS", "/", { headers: ["Origin: null"] });
    expect([stranger.status, stranger.all("access-control-allow-origin")]).toEqual([204, []]);
  });

  test("with the outcome of a preflight in the log", async () => {
    await plainExchange(plain, "OPTIONS", "/");
    const record = await plain.waitForRecord(({ method }) => method === "OPTIONS");
    expect(record).toMatchObject({ status: 204, outcome: "preflight" });
  });
});

describe("any other OPTIONS is a request like others", () => {
  test("a signed one is forwarded", async () => {
    for (const gateway of [plain, routed]) {
      const response = await signedExchange(gateway, `${upstream.url}/`, { method: "OPTIONS" });
      expect([response.status, response.body.toString()]).toEqual([200, "ok"]);
      expect(upstream.requests.at(-1)?.startLine).toBe("OPTIONS / HTTP/1.1");
    }
  });

  test("one that is wrongly signed is refused", async () => {
    for (const gateway of [plain, routed]) {
      const path = signedTarget(gateway.url, `${upstream.url}/`, { method: "GET" });
      const response = await plainExchange(gateway, "OPTIONS", path);
      expect(problemOf(response)["code"]).toBe("signature_mismatch");
    }
    const response = await plainExchange(plain, "OPTIONS", "/?X-Sw-Algorithm=x");
    expect(problemOf(response)["code"]).toBe("signature_missing");
  });

  test("one under a route is forwarded, or refused by it", async () => {
    expect((await plainExchange(routed, "OPTIONS", "/open/x")).body.toString()).toBe("ok");
    expect(upstream.requests.at(-1)?.startLine).toBe("OPTIONS /open/x HTTP/1.1");
    const refused = await plainExchange(routed, "OPTIONS", "/open/inner/x");
    expect(problemOf(refused)["code"]).toBe("target_not_allowed");
  });

  test.each([
    ["a path that may be one of a route", "/x/..%2fopen/", "a", 400],
    ["a malformed Host", "/", "a/b", 400],
    ["an escaped Host", "/", "%61", 400],
    ["a URL that is too long", `/?${"x".repeat(15_400)}`, "a", 414],
  ])("%s is refused", async (_, path, host, status) => {
    const response = await plainExchange(routed, "OPTIONS", path, { headers: [`Host: ${host}`] });
    expect(response.status).toBe(status);
  });
});
