import { afterAll, describe, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";

const gateway = await startGateway({ args: ["--allow-private-upstreams"] });

afterAll(() => gateway.stop("SIGKILL"));

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const MEGABYTE = 1024 * 1024;

const sign = (target: string, method: string): string =>
  signedTarget(gateway.url, target, { method });

/** Resolves once a number has not grown for half a second. */
async function settled(count: () => number): Promise<number> {
  for (let before = -1; before !== count();) {
    before = count();
    await Bun.sleep(500);
  }
  return count();
}

async function memory({ pid }: Gateway): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024;
}

describe("a body passes as it comes", () => {
  test("down: the first piece is there before the second is written", async () => {
    const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
    await using upstream = await startUpstream([
      CHUNKED + chunk("first"),
      () => gate,
      chunk("second") + chunk(""),
    ]);
    using client = await connect(gateway.port);
    await client.write(requestBytes("GET", sign(`${upstream.url}/`, "GET")));
    await waitFor("the first piece", () => client.received().includes("first"));
    openGate();
    expect((await client.response()).body.toString()).toBe("firstsecond");
  });

  test.each([
    ["in chunks", "Transfer-Encoding: chunked", chunk("first"), chunk("second") + chunk("")],
    ["with a length", "Content-Length: 100000", "first", "second".padEnd(99_995, "x")],
  ])("up, %s: the first piece is there before the second is sent", async (_, framing, a, b) => {
    await using upstream = await startUpstream([`${CHUNKED}${chunk("ok")}${chunk("")}`]);
    using client = await connect(gateway.port);
    const path = sign(`${upstream.url}/`, "POST");
    await client.write(requestBytes("POST", path, { headers: [framing] }));
    await client.write(a);
    await waitFor("the first piece", () => upstream.connections[0]?.received().includes("first"));
    expect(upstream.requests).toHaveLength(0);
    await client.write(b);
    expect((await client.response()).body.toString()).toBe("ok");
    expect(upstream.requests[0]?.body.toString()).toStartWith("firstsecond");
    expect(upstream.requests[0]?.all(framing.split(":")[0] ?? "")).toHaveLength(1);
  });

  test("both ways at once, byte for byte", async () => {
    await using echo = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: (request) => new Response(request.body),
    });
    const sent = randomBytes(20 * MEGABYTE);
    const path = sign(echo.url.href, "POST");
    const response = await fetch(gateway.url + path, { method: "POST", body: sent });
    const received = Buffer.from(await response.arrayBuffer());
    const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    expect(hash(received)).toBe(hash(sent));
  });
});

describe("a reader that stops holds the writer up, not the gateway's memory", () => {
  test("the client stops reading", async () => {
    let offered = 0;
    const piece = new Uint8Array(64 * 1024);
    await using upstream = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () =>
        new Response(
          new ReadableStream({
            pull(controller) {
              offered += piece.length;
              if (offered > 512 * MEGABYTE) controller.close();
              else controller.enqueue(piece);
            },
          }),
        ),
    });
    const before = await memory(gateway);
    using client = await connect(gateway.port);
    client.socket.pause();
    await client.write(requestBytes("GET", sign(upstream.url.href, "GET")));
    await waitFor("the upstream to be asked", () => offered > 0);
    expect(await settled(() => offered)).toBeLessThan(64 * MEGABYTE);
    expect((await memory(gateway)) - before).toBeLessThan(64 * MEGABYTE);
    const held = offered;
    client.socket.resume();
    await waitFor("the upstream to go on", () => offered > held + 16 * MEGABYTE);
  });

  test("the upstream stops reading", async () => {
    await using upstream = await startUpstream([]);
    const before = await memory(gateway);
    using client = await connect(gateway.port);
    const headers = [`Content-Length: ${512 * MEGABYTE}`];
    await client.write(requestBytes("POST", sign(`${upstream.url}/`, "POST"), { headers }));
    const { socket } = await waitFor("a connection", () => upstream.connections[0]);
    socket.pause();

    let taken = 0;
    const piece = new Uint8Array(64 * 1024);
    void (async () => {
      while (taken < 256 * MEGABYTE && !client.socket.destroyed) {
        await client.write(piece);
        taken += piece.length;
      }
    })();
    expect(await settled(() => taken)).toBeLessThan(64 * MEGABYTE);
    expect((await memory(gateway)) - before).toBeLessThan(64 * MEGABYTE);
    const held = taken;
    socket.resume();
    await waitFor("the client to go on", () => taken > held + 4 * MEGABYTE);
  });
});
