import { describe, expect, test } from "bun:test";
import { connect } from "node:tls";
import type { Gateway } from "../../support/gateway.ts";
import { parseHead } from "../../support/http_message.ts";
import { openTls, type OpenTls } from "../../support/open_tls.ts";
import { signedTarget } from "../../support/signed.ts";
import { HANDSHAKE } from "../../support/sockets/open_socket.ts";
import { type SocketPeer, socketPeer } from "../../support/sockets/socket_peer.ts";
import { startSocketUpstream } from "../../support/sockets/socket_upstream.ts";
import { startTlsGateway, type TlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { renew, subjectAt } from "./certificate_stage.ts";

const LAST_CHUNK = "\r\n0\r\n\r\n";

async function openStream({ sign, authority }: TlsGateway): Promise<OpenTls> {
  const stream = await openTls(sign(), authority.ca);
  await waitFor("the stream", () => stream.text().includes("hello"));
  return stream;
}

async function beginStop(gateway: Gateway): Promise<void> {
  gateway.kill("SIGTERM");
  await waitFor("the stop", () => gateway.lines().find(({ msg }) => msg === "stopping"));
}

/** What the log says of each exchange and of the end. */
const ending = (gateway: Gateway): unknown[] =>
  gateway
    .lines()
    .filter(({ msg }) => msg === "request" || msg === "stopped")
    .map(({ msg, outcome }) => outcome ?? msg);

describe("a gateway that stops after a change of its certificate", () => {
  test.each([1, 2])(
    "waits for the streams that are open with older certificates, with %i workers",
    async (workers) => {
      const args = ["--no-watch", "--workers", String(workers), "--drain", "30"];
      await using it = await startTlsGateway(args);
      const listening = () => it.gateway.lines().filter(({ msg }) => msg === "listening");
      await waitFor("all workers", () => listening().length === workers);
      using oldest = await openStream(it);
      await renew(it, workers);
      using older = await openStream(it);
      await renew(it, workers);
      await beginStop(it.gateway);
      it.feed.publish("after the stop");
      for (const stream of [oldest, older]) {
        await waitFor("the event", () => stream.text().includes("after the stop"));
      }
      it.feed.finish();
      const start = performance.now();
      expect(await it.gateway.exited).toBe(0);
      expect(performance.now() - start).toBeLessThan(5000);
      for (const stream of [oldest, older]) {
        await waitFor("the end", stream.ended);
        expect(stream.text()).toEndWith(LAST_CHUNK);
      }
      expect(it.gateway.records().map(({ outcome }) => outcome)).toEqual(["complete", "complete"]);
    },
    40_000,
  );

  test("waits for a stream over HTTP/2", async () => {
    await using it = await startTlsGateway(["--no-watch", "--drain", "30"]);
    const response = await fetch(it.sign(), { protocol: "http2", tls: { ca: it.authority.ca } });
    await renew(it);
    await beginStop(it.gateway);
    it.feed.publish("after the stop");
    it.feed.finish();
    expect(await response.text()).toBe("data: hello\n\ndata: after the stop\n\n");
    expect(await it.gateway.exited).toBe(0);
    expect(ending(it.gateway)).toEqual(["complete", "stopped"]);
  }, 40_000);

  test("cuts such a stream when the drain time is over", async () => {
    await using it = await startTlsGateway(["--no-watch", "--drain", "2"]);
    using stream = await openStream(it);
    await renew(it);
    const start = performance.now();
    await beginStop(it.gateway);
    expect(await it.gateway.exited).toBe(0);
    expect(performance.now() - start).toBeWithin(1900, 8000);
    await waitFor("the cut", stream.ended);
    expect(stream.text()).not.toContain(LAST_CHUNK);
    expect(ending(it.gateway)).toEqual(["gateway_stopped", "stopped"]);
  }, 40_000);

  test("does not wait for a connection on which nothing is under way", async () => {
    await using it = await startTlsGateway(["--no-watch", "--drain", "600"]);
    using stream = await openStream(it);
    await renew(it);
    it.feed.finish();
    await waitFor("the end", () => stream.text().endsWith(LAST_CHUNK));
    const start = performance.now();
    expect(await it.gateway.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000);
    expect(ending(it.gateway)).toEqual(["complete", "stopped"]);
  }, 40_000);

  test("opens no listener for a certificate that comes during the drain", async () => {
    await using it = await startTlsGateway(["--no-watch", "--drain", "30"]);
    using stream = await openStream(it);
    await beginStop(it.gateway);
    await renew(it);
    await expect(subjectAt(it)).rejects.toThrow("ECONNREFUSED");
    it.feed.publish("after the change");
    await waitFor("the event", () => stream.text().includes("after the change"));
    it.feed.finish();
    expect(await it.gateway.exited).toBe(0);
    expect(ending(it.gateway)).toEqual(["complete", "stopped"]);
  }, 40_000);
});

describe("a WebSocket that was open before a change of the certificate", () => {
  /** A gateway with an upstream for WebSockets, whose certificate was renewed while one is open. */
  async function startWithSocket(drain: number) {
    const upstream = await startSocketUpstream();
    const target = upstream.url.replace("ws", "http");
    const args = ["--no-watch", "--drain", String(drain), "--upstream", target];
    const it = await startTlsGateway(args);
    const path = signedTarget(`https://127.0.0.1:${it.gateway.port}`, `${upstream.url}/`);
    const client = await openTlsSocket(it, path);
    const server = await upstream.next();
    await renew(it);
    const end = async () => {
      client.socket.destroy();
      await it[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    };
    return { gateway: it.gateway, client, server, [Symbol.asyncDispose]: end };
  }

  test("goes on while the gateway stops", async () => {
    await using stage = await startWithSocket(30);
    const { gateway, client, server } = stage;
    await beginStop(gateway);
    await client.text("still");
    expect((await server.message()).payload.toString()).toBe("still");
    await server.text("here");
    expect((await client.message()).payload.toString()).toBe("here");
    await client.close(1000, "done");
    expect(await gateway.exited).toBe(0);
    expect(ending(gateway)).toEqual(["complete", "stopped"]);
  }, 40_000);

  test("is closed with 1012 when the drain time is over", async () => {
    await using stage = await startWithSocket(2);
    const { gateway, client, server } = stage;
    const start = performance.now();
    await beginStop(gateway);
    expect(await client.closeFrame()).toEqual({ code: 1012, reason: "draining" });
    expect(performance.now() - start).toBeWithin(1900, 8000);
    expect((await server.closeFrame()).code).toBe(1001);
    expect(await gateway.exited).toBe(0);
    expect(ending(gateway)).toEqual(["gateway_stopped", "stopped"]);
  }, 40_000);
});

async function openTlsSocket(it: TlsGateway, path: string): Promise<SocketPeer> {
  const { port } = it.gateway;
  const socket = connect({ host: "127.0.0.1", port, ca: it.authority.ca });
  let received = Buffer.alloc(0);
  const keep = (piece: Buffer): void => void (received = Buffer.concat([received, piece]));
  socket.on("data", keep);
  socket.write([`GET ${path} HTTP/1.1`, "Host: gateway.test", ...HANDSHAKE, "\r\n"].join("\r\n"));
  const answer = await waitFor("an answer to a handshake", () => parseHead(received));
  if (answer.status !== 101) throw new Error(`refused: ${received.toString()}`);
  socket.off("data", keep);
  return socketPeer(socket, true, received.subarray(answer.size));
}
