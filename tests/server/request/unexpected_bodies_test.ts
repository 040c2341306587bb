import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const CHUNKS = "5\r\nhello\r\n0\r\n\r\n";
const CHUNKED = ["Transfer-Encoding: chunked"];

describe("GET with a body gets 400, for it cannot be forwarded", () => {
  test.each([
    ["with a length", { body: "hello" }],
    ["in chunks", { headers: CHUNKED, body: CHUNKS }],
    ["in no chunks", { headers: CHUNKED, body: "0\r\n\r\n" }],
    [
      "with a signed body",
      { body: "hello", sign: { body: "hello", headers: { "content-length": "5" } } },
    ],
  ])("%s", async (_, options) => {
    const response = await signedExchange(gateway, `${upstream.url}/`, options);
    expect(response.status).toBe(400);
    expect(problemOf(response)).toMatchObject({ code: "body_unexpected" });
    expect(problemOf(response)["detail"]).toMatch(/GET or HEAD/);
    expect(upstream.connections).toHaveLength(0);
  });

  test.each([
    ["with a length", { body: "hello" }],
    ["in chunks", { headers: CHUNKED, body: CHUNKS }],
  ])("HEAD %s as well", async (_, options) => {
    const target = `${upstream.url}/`;
    const response = await signedExchange(gateway, target, { method: "HEAD", ...options });
    expect(response.status).toBe(400);
    expect(upstream.connections).toHaveLength(0);
  });

  test.each(["GET", "HEAD"])("%s with a length of 0 is no body", async (method) => {
    const headers = ["Content-Length: 0"];
    const response = await signedExchange(gateway, `${upstream.url}/`, { method, headers });
    expect(response.status).toBe(200);
  });
});

describe("any other method may have one, and need not", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s", async (method) => {
    await signedExchange(gateway, `${upstream.url}/`, { method, body: "hello" });
    expect(upstream.requests.at(-1)?.body.toString()).toBe("hello");
    await signedExchange(gateway, `${upstream.url}/`, { method });
    expect(upstream.requests.at(-1)?.startLine).toBe(`${method} / HTTP/1.1`);
    expect(upstream.requests.at(-1)?.body.toString()).toBe("");
  });
});
