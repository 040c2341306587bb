import { describe, expect, test } from "bun:test";
import { connect } from "../../support/raw_client.ts";
import { HANDSHAKE } from "../../support/sockets/open_socket.ts";
import { handshakeStage } from "./handshake_stage.ts";

const { answers, gateway, refused, signed, upstream } = await handshakeStage();

const PAYLOAD = "GET /smuggled HTTP/1.1\r\nHost: g\r\n\r\n";

describe("bytes behind a handshake are never a request", () => {
  test.each<[what: string, path: () => string, later: boolean]>([
    ["refused by the gateway, in the same packet", () => signed().replace(/.$/, "x"), false],
    ["refused by the upstream, in the same packet", () => signed("/r/403"), false],
    ["refused by the gateway, behind the answer", () => signed().replace(/.$/, "x"), true],
    ["refused by the upstream, behind the answer", () => signed("/r/403"), true],
    ["accepted, in the same packet", () => signed("/slow"), false],
  ])("%s", async (_, path, later) => {
    answers.set("/slow", { delay: 100 });
    answers.set("/r/403", { raw: "HTTP/1.1 403 X\r\nContent-Length: 2\r\n\r\nno" });
    const [records, handshakes] = [gateway.records().length, upstream.handshakes.length];
    const client = await connect(gateway.port);
    const lines = [`GET ${path()} HTTP/1.1`, "Host: g", ...HANDSHAKE];
    const smuggled = `${PAYLOAD}${PAYLOAD.replace("/smuggled", signed("/smuggled"))}`;
    await client.write(`${lines.join("\r\n")}\r\n\r\n${later ? "" : smuggled}`);
    if (later) {
      await client.response();
      await client.write(smuggled);
    }
    await client.closed();
    await gateway.waitForRecord(() => gateway.records().length > records);
    // One more exchange shows that nothing else has come in the meantime.
    const probe = await refused(signed().replace(/.$/, "y"), HANDSHAKE);
    expect(probe.status).toBe(400);
    await gateway.waitForRecord(() => gateway.records().length >= records + 2);
    expect(gateway.records().length).toBe(records + 2);
    expect(upstream.received()).not.toContain("smuggled");
    expect(upstream.handshakes.length - handshakes).toBeLessThanOrEqual(1);
    const text = client.received().toString();
    expect(text.split("HTTP/1.1 ").length - 1).toBeLessThanOrEqual(1);
  });
});
