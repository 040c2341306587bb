import { afterAll, describe, expect, test } from "bun:test";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { FIN, respond, RST, type Step } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const upstream = await startScripted();
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const WEBSOCKET = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];
const ASKED: [name: string, headers: string[]][] = [
  ["h2c", ["Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk"]],
  ["nonsense", ["Connection: upgrade", "Upgrade: nonsense/7"]],
  ["TLS", ["Connection: Upgrade", "Upgrade: TLS/1.2, HTTP/1.1"]],
  ["without Connection", ["Upgrade: websocket"]],
];

const SWITCHED =
  "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
const SMUGGLED = "HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nsmuggled";

describe("an upgrade that is asked for is not passed on", () => {
  test.each(ASKED)("%s", async (_, headers) => {
    const target = upstream.on(respond("plain"));
    const response = await signedExchange(gateway, target, { headers });
    expect(response.status).toBe(200);
    expect(response.body.toString()).toBe("plain");
    expect(upstream.requests.at(-1)?.head).not.toMatch(/^(upgrade|http2-settings):/im);
    expect(upstream.requests.at(-1)?.all("connection").join()).not.toMatch(/upgrade/i);
  });
});

describe("an upstream that switches protocols gets no tunnel", () => {
  const asked: typeof ASKED = [...ASKED, ["a WebSocket", WEBSOCKET], ["nobody asked", []]];
  test.each(asked)("%s", async (_, headers) => {
    const target = upstream.on(SWITCHED + SMUGGLED);
    using client = await openSigned(gateway, target, "GET", headers);
    const response = await client.response();
    expect(response.status).toBe(502);
    expect(problemOf(response)["code"]).toBe("upstream_broken");
    await client.write("frames of another protocol").catch(() => {});
    expect(client.received().toString()).not.toMatch(/ 101 |smuggled/);
    // Its connection is not used again, so nothing that follows is taken for another's answer.
    const next = await signedExchange(gateway, upstream.on(respond("its own")));
    expect(next.body.toString()).toBe("its own");
    const bytes = upstream.connections.map(({ received }) => received().toString("latin1")).join();
    expect(bytes).not.toContain("frames of another protocol");
  });

  test.each<[string, Step]>([
    ["FIN", FIN],
    ["RST", RST],
  ])("101 and %s", async (_, end) => {
    const response = await signedExchange(gateway, upstream.on(SWITCHED, 20, end), {
      headers: WEBSOCKET,
    });
    expect(response.status).toBe(502);
  });
});
