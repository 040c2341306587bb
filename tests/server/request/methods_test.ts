import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

describe("other methods are refused, though signed", () => {
  test.each([
    "TRACE",
    "TRACK",
    "CONNECT",
    "PROPFIND",
    "BREW",
    "get",
    "Get",
    "POSTS",
    "G@T",
    "__proto__",
    "PRI",
  ])("%s", async (method) => {
    const path = signedTarget(gateway.url, `${upstream.url}/`, { method });
    const bytes = await exchange(gateway.port, requestBytes(method, path));
    // A method that the runtime does not know ends the connection, with or without its own 400.
    const status = parseResponse(bytes)?.status ?? 400;
    expect([400, 405, 501]).toContain(status);
    expect(upstream.connections).toHaveLength(0);
  });

  test("CONNECT with an authority", async () => {
    const bytes = requestBytes("CONNECT", `127.0.0.1:${upstream.port}`);
    const status = parseResponse(await exchange(gateway.port, bytes))?.status ?? 400;
    expect([400, 405, 501]).toContain(status);
    expect(upstream.connections).toHaveLength(0);
  });

  test.each(["TRACE", "CONNECT"])("%s gets 405 with Allow", async (method) => {
    const response = await signedExchange(gateway, `${upstream.url}/`, { method });
    expect(response.status).toBe(405);
    expect(response.all("allow").join()).toContain("GET");
  });
});

describe("the methods of the protocol go through", () => {
  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s", async (method) => {
    const response = await signedExchange(gateway, `${upstream.url}/`, { method });
    expect(response.status).toBe(200);
    expect(upstream.requests.at(-1)?.startLine).toBe(`${method} / HTTP/1.1`);
  });
});
