import { afterAll, describe, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { plainExchange, signedExchange } from "../../support/signed_exchange.ts";

const APP = "https://app.example";
const UPSTREAMS_OWN = [
  "Access-Control-Allow-Origin: https://upstream.example",
  "Access-Control-Allow-Credentials: true",
  "Access-Control-Allow-Headers: x-upstream",
  "Access-Control-Expose-Headers: x-upstream",
  "Vary: Accept-Encoding",
];

const upstream = await startUpstream([respond("ok", { headers: UPSTREAMS_OWN })]);
const rule = ["--upstream", upstream.url];
const open = await startGateway({ args: rule });
const listed = await startGateway({
  args: [
    ...rule,
    ...["--access-control-allow-origin", `${APP}, https://second.example`],
    ...["--access-control-allow-methods", "POST,GET"],
    ...["--access-control-allow-headers", "authorization, x-one"],
  ],
});

afterAll(async () => {
  for (const gateway of [open, listed]) await gateway.stop();
  await upstream.stop();
});

const varies = (response: HttpMessage): string[] =>
  response.all("vary").flatMap((value) => value.toLowerCase().split(/\s*,\s*/));

const preflight = (gateway: Gateway, origin: string): Promise<HttpMessage> => {
  const path = signedTarget(gateway.url, `${upstream.url}/`, { method: "POST" });
  const headers = [
    `Origin: ${origin}`,
    "Access-Control-Request-Method: POST",
    "Access-Control-Request-Headers: authorization,content-type,x-one",
  ];
  return plainExchange(gateway, "OPTIONS", path, { headers });
};

const STRANGERS = [
  "https://evil.example",
  "null",
  "https://app.example.evil.com",
  "https://evil-app.example",
  "http://app.example",
  "https://app.example:8443",
  "https://APP.example",
  "https://app.example/",
  "*",
];

describe("an exact list of origins", () => {
  test.each([APP, "https://second.example"])("%s may read", async (origin) => {
    const headers = [`Origin: ${origin}`];
    const response = await signedExchange(listed, `${upstream.url}/`, { headers });
    expect(response.status).toBe(200);
    expect(response.all("access-control-allow-origin")).toEqual([origin]);
    expect(varies(response)).toContain("origin");
    expect(varies(response)).toContain("accept-encoding");
  });

  test.each(STRANGERS)("%s may not", async (origin) => {
    const headers = [`Origin: ${origin}`];
    const response = await signedExchange(listed, `${upstream.url}/`, { headers });
    expect(response.all("access-control-allow-origin")).toEqual([]);
    expect(varies(response)).toContain("origin");
    const asked = await preflight(listed, origin);
    expect(asked.all("access-control-allow-origin")).toEqual([]);
    expect(varies(asked)).toContain("origin");
  });

  test("without an Origin the answer varies all the same", async () => {
    const response = await signedExchange(listed, `${upstream.url}/`);
    expect(response.all("access-control-allow-origin")).toEqual([]);
    expect(varies(response)).toContain("origin");
  });

  test("a refusal can be read by the same origins", async () => {
    const headers = [`Origin: ${APP}`];
    const response = await plainExchange(listed, "GET", "/", { headers });
    expect(response.status).toBe(400);
    expect(response.all("access-control-allow-origin")).toEqual([APP]);
  });
});

describe("by default any origin may read", () => {
  test.each([APP, "null"])("%s", async (origin) => {
    const headers = [`Origin: ${origin}`];
    const response = await signedExchange(open, `${upstream.url}/`, { headers });
    expect(["*", origin]).toContain(response.all("access-control-allow-origin").join("&"));
  });
});

describe("the upstream's own CORS headers are replaced", () => {
  test.each([
    ["open", open],
    ["listed", listed],
  ])("%s", async (_, gateway) => {
    const headers = [`Origin: ${APP}`];
    const response = await signedExchange(gateway, `${upstream.url}/`, { headers });
    expect(response.all("access-control-allow-credentials")).toEqual([]);
    expect(response.all("access-control-allow-headers").join()).not.toContain("x-upstream");
    expect(response.all("access-control-expose-headers").join()).not.toContain("x-upstream");
    expect(response.head).not.toContain("upstream.example");
  });
});

describe("a preflight reaches no upstream", () => {
  test.each([
    ["with any origin", open, "POST", "authorization,content-type,x-one"],
    ["with a list", listed, "POST, GET", "authorization, x-one"],
  ])("%s", async (_, gateway, methods, names) => {
    const before = upstream.requests.length;
    const response = await preflight(gateway, APP);
    expect(response.status).toBe(204);
    expect(response.body).toHaveLength(0);
    expect(response.all("access-control-allow-methods").join().replace(/\s/g, "")).toBe(
      methods.replace(/\s/g, ""),
    );
    expect(response.all("access-control-allow-headers").join().replace(/\s/g, "")).toBe(
      names.replace(/\s/g, ""),
    );
    expect(["*", APP]).toContain(response.all("access-control-allow-origin").join("&"));
    expect(upstream.requests).toHaveLength(before);
  });

  test("an OPTIONS that is signed and no preflight does", async () => {
    const before = upstream.requests.length;
    const response = await signedExchange(open, `${upstream.url}/`, { method: "OPTIONS" });
    expect(response.status).toBe(200);
    expect(upstream.requests).toHaveLength(before + 1);
  });
});
