import { describe, expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { signedTarget } from "../../support/signed.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { HANDSHAKE, sendHandshake } from "../../support/sockets/open_socket.ts";
import type { Answer } from "../../support/sockets/socket_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { handshakeStage } from "./handshake_stage.ts";
import { recordOf, startSocketStage } from "./socket_stage.ts";

const { answers, gateway, refused, signed, upstream } = await handshakeStage();

describe("an upstream that refuses", () => {
  const refusal = (status: string, headers: string[], body: string) =>
    [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${body.length}`, "", body].join("\r\n");

  test.each<[path: string, raw: string, status: number, body: string]>([
    [
      "/r/403",
      refusal("403 Forbidden", ["X-Own: 1", "Content-Type: text/x"], "not you"),
      403,
      "not you",
    ],
    ["/r/404", refusal("404 Not Found", [], ""), 404, ""],
    ["/r/200", refusal("200 OK", [], "no socket"), 200, "no socket"],
    [
      "/r/429",
      "HTTP/1.1 429 X\r\nTransfer-Encoding: chunked\r\nRetry-After: 9\r\n\r\n4\r\nslow\r\n0\r\n\r\n",
      429,
      "slow",
    ],
  ])("%s: its status and body reach the client", async (path, raw, status, body) => {
    answers.set(path, { raw });
    const client = await sendHandshake(gateway, signed(path));
    const response = await client.response();
    expect([response.status, response.body.toString()]).toEqual([status, body]);
    expect(response.all("connection").join()).toBe("close");
    expect(await client.closed()).toBe("fin");
    if (status === 403) expect(response.all("x-own")).toEqual(["1"]);
    if (status === 429) expect(response.all("retry-after")).toEqual(["9"]);
  });

  test("a body of more than 64 kB is cut there", async () => {
    answers.set("/r/long", { raw: refusal("500 X", [], "x".repeat(100_000)) });
    const response = await refused(signed("/r/long"), HANDSHAKE);
    expect([response.status, response.body.length]).toEqual([500, 65_536]);
  });

  test("its cookies stay here, and a 401 to the injected key is told as such", async () => {
    answers.set("/r/cookie", { raw: refusal("403 X", ["Set-Cookie: a=b"], "") });
    expect((await refused(signed("/r/cookie"), HANDSHAKE)).all("set-cookie")).toEqual([]);
    answers.set("/r/401", { raw: refusal("401 X", ["WWW-Authenticate: Bearer"], "key sk-123") });
    const token = granting({});
    const path = `/127.0.0.1:${upstream.port}/r/401?access_token=${token}`;
    const response = await refused(path, HANDSHAKE);
    expect([response.status, problemOf(response)["code"]]).toEqual([502, "credential_refused"]);
    expect(response.body.toString()).not.toContain("sk-123");
  });

  test.each<[path: string, answer: Answer]>([
    [
      "/b/accept",
      {
        raw: "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: AAAA\r\n\r\n",
      },
    ],
    ["/b/upgrade", { raw: "HTTP/1.1 101 X\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" }],
    ["/b/protocol", { protocol: "never-offered" }],
    ["/b/extension", { headers: ["Sec-WebSocket-Extensions: permessage-deflate"] }],
    ["/b/nonsense", { raw: "nonsense\r\n\r\n" }],
  ])("%s: an answer that is no valid one is 502", async (path, answer) => {
    answers.set(path, answer);
    const response = await refused(signed(path), [...HANDSHAKE, "Sec-WebSocket-Protocol: a"]);
    expect([response.status, problemOf(response)["code"]]).toEqual([502, "upstream_broken"]);
    expect(response.body.toString()).not.toContain("never-offered");
  });

  test("a closed port is 502 upstream_unreachable", async () => {
    await using own = await startSocketStage({ rule: { url: "http://127.0.0.1:1" } });
    const client = await sendHandshake(
      own.gateway,
      signedTarget(own.gateway.url, "ws://127.0.0.1:1/"),
    );
    const response = await client.response();
    expect([response.status, problemOf(response)["code"]]).toEqual([502, "upstream_unreachable"]);
    expect(await recordOf(own)).toMatchObject({ outcome: "upstream_failed" });
  });

  test("a client that leaves during the handshake ends it at the upstream", async () => {
    await using own = await startSocketStage({ answer: () => ({ delay: 400 }) });
    const path = signedTarget(own.gateway.url, `${own.upstream.url}/`);
    const client = await sendHandshake(own.gateway, path);
    await waitFor("the handshake", () => own.upstream.handshakes.length === 1);
    client.reset();
    expect(await recordOf(own)).toMatchObject({ outcome: "client_gone", status: 499 });
    const server = await own.upstream.next();
    await server.closed();
  });
});
