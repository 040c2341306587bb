import { describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { parseHead } from "../../support/http_message.ts";
import { connect } from "../../support/raw_client.ts";
import { signedTarget } from "../../support/signed.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { HANDSHAKE, openSocket, sendHandshake } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";
import { handshakeStage } from "./handshake_stage.ts";
import { startSocketStage } from "./socket_stage.ts";

const { gateway, refused, signed, upstream } = await handshakeStage();

const without = (name: string, ...more: string[]) => [
  ...HANDSHAKE.filter((line) => !line.startsWith(`${name}:`)),
  ...more,
];

describe("a handshake is checked before anything is sent", () => {
  test.each<[what: string, lines: string[], status: number, code: string]>([
    ["no key", without("Sec-WebSocket-Key"), 400, "websocket_malformed"],
    [
      "a short key",
      without("Sec-WebSocket-Key", "Sec-WebSocket-Key: YQ=="),
      400,
      "websocket_malformed",
    ],
    [
      "two keys",
      [...HANDSHAKE, "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="],
      400,
      "websocket_malformed",
    ],
    ["no version", without("Sec-WebSocket-Version"), 426, "websocket_version_unsupported"],
    [
      "an old version",
      without("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8"),
      426,
      "websocket_version_unsupported",
    ],
    [
      "a protocol twice",
      [...HANDSHAKE, "Sec-WebSocket-Protocol: a, a"],
      400,
      "websocket_malformed",
    ],
    [
      "a protocol with a space",
      [...HANDSHAKE, "Sec-WebSocket-Protocol: a b"],
      400,
      "websocket_malformed",
    ],
    ["a body", [...HANDSHAKE, "Content-Length: 5"], 400, "body_unexpected"],
    ["another page", [...HANDSHAKE, "Origin: https://evil.example"], 403, "origin_not_granted"],
    ["a page without origin", [...HANDSHAKE, "Origin: null"], 403, "origin_not_granted"],
    [
      "a page with a longer name",
      [...HANDSHAKE, "Origin: https://app.example.evil.example"],
      403,
      "origin_not_granted",
    ],
    [
      "two origins",
      [...HANDSHAKE, "Origin: https://app.example", "Origin: https://evil.example"],
      403,
      "origin_not_granted",
    ],
  ])("%s", async (_, lines, status, code) => {
    const count = upstream.handshakes.length;
    const response = await refused(signed(), lines);
    expect([response.status, problemOf(response)["code"]]).toEqual([status, code]);
    expect(response.all("connection").join()).toBe("close");
    if (status === 426) expect(response.all("sec-websocket-version")).toEqual(["13"]);
    expect(upstream.handshakes.length).toBe(count);
  });

  test("a wrong signature", async () => {
    const response = await refused(signed().replace(/.$/, "x"), HANDSHAKE);
    expect(response.status).toBe(400);
    expect(response.all("connection").join()).toBe("close");
  });

  test.each<[what: string, lines: string[]]>([
    ["no origin", []],
    ["the page that the app allows", ["Origin: https://app.example"]],
    ["other spellings", ["upgrade: WebSocket", "connection: keep-alive, UPGRADE"]],
  ])("%s is accepted", async (_, lines) => {
    const own = lines.some((line) => line.startsWith("upgrade"));
    const lead = own ? HANDSHAKE.slice(2) : HANDSHAKE;
    const client = await connect(gateway.port);
    await client.write(
      `${[`GET ${signed()} HTTP/1.1`, "Host: g", ...lead, ...lines].join("\r\n")}\r\n\r\n`,
    );
    const answer = await waitFor("an answer", () => parseHead(client.received()));
    expect(answer.status).toBe(101);
    client.socket.destroy();
    await upstream.next();
  });

  test("a rule and a route that take none", async () => {
    await using own = await startSocketStage({
      rule: { websocket: false },
      top: {
        route: [
          { path: "/closed/", upstream: upstream.url.replace("ws", "http"), signature: "none" },
        ],
      },
    });
    for (const path of [signedTarget(own.gateway.url, `${own.upstream.url}/`), "/closed/x"]) {
      const client = await sendHandshake(own.gateway, path);
      const response = await client.response();
      expect([response.status, problemOf(response)["code"]]).toEqual([
        403,
        "websocket_not_allowed",
      ]);
    }
    expect(own.upstream.handshakes).toEqual([]);
  });

  test("the address guard holds for them", async () => {
    await using own = await startGateway();
    const count = upstream.handshakes.length;
    for (const scheme of ["ws", "http"]) {
      const path = signedTarget(own.url, `${scheme}://127.0.0.1:${upstream.port}/`);
      const response = await (await sendHandshake(own, path)).response();
      expect([response.status, problemOf(response)["code"]]).toEqual([403, "target_not_allowed"]);
    }
    expect(upstream.handshakes.length).toBe(count);
  });

  test("a route that takes them", async () => {
    await using own = await startSocketStage({
      top: {
        route: [
          {
            path: "/open/",
            upstream: upstream.url.replace("ws", "http"),
            signature: "none",
            websocket: true,
          },
        ],
      },
    });
    const client = await openSocket(own.gateway, "/open/x?y=z");
    const server = await upstream.next();
    expect(upstream.handshakes.at(-1)!.startLine).toBe("GET /open/x?y=z HTTP/1.1");
    await client.text("hi");
    expect((await server.message()).payload.toString()).toBe("hi");
    client.socket.destroy();
  });
});
