import { describe, expect, test } from "bun:test";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { handshakeStage } from "./handshake_stage.ts";

const { answers, gateway, signed, upstream } = await handshakeStage();

describe("what goes up", () => {
  test("headers as for a request, with the injected key; Origin and the handshake of the client stay", async () => {
    const client = await openSocket(gateway, signed("/h"), [
      "Origin: https://app.example",
      "Authorization: Bearer own",
      "X-Custom: yes",
      "Cookie: a=b",
      "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits",
    ]);
    await upstream.next();
    const handshake = upstream.handshakes.at(-1)!;
    expect(handshake.all("authorization")).toEqual(["Bearer upstream-key"]);
    expect(handshake.all("x-custom")).toEqual(["yes"]);
    expect(handshake.all("host")).toEqual([`127.0.0.1:${upstream.port}`]);
    for (const name of ["origin", "cookie", "sec-websocket-extensions"]) {
      expect([name, handshake.all(name)]).toEqual([name, []]);
    }
    expect(handshake.all("sec-websocket-key")[0]).not.toBe("dGhlIHNhbXBsZSBub25jZQ==");
    expect(client.answer.all("sec-websocket-extensions")).toEqual([]);
    client.socket.destroy();
  });

  test("the answer has the headers that a page may see", async () => {
    answers.set("/h/answer", {
      headers: ["X-Request-Id: up-1", "Set-Cookie: a=b", "X-Model: m", "Alt-Svc: h3"],
    });
    const { answer, socket } = await openSocket(gateway, signed("/h/answer"));
    expect(answer.all("x-request-id")).toEqual(["up-1"]);
    expect(answer.all("x-sw-request-id")).toHaveLength(1);
    expect(answer.all("x-model")).toEqual(["m"]);
    expect([...answer.all("set-cookie"), ...answer.all("alt-svc")]).toEqual([]);
    expect(answer.all("sec-websocket-accept")).toEqual(["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]);
    socket.destroy();
    await upstream.next();
  });
});
