import { describe, expect, test } from "bun:test";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { startGateway } from "../../support/gateway.ts";
import { startLightUpstream } from "../../support/light_upstream.ts";
import { memoryOf } from "../../support/processes.ts";
import { startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const MEGABYTE = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024);

/** Resolves once a number has not grown for half a second. */
async function settled(count: () => number): Promise<number> {
  let before: number;
  do {
    before = count();
    await Bun.sleep(500);
  } while (count() !== before);
  return before;
}

describe("clients that stop reading", () => {
  const CLIENTS = 40;
  const OFFERED = 600 * MEGABYTE;

  test(`${CLIENTS} of them, each offered ${OFFERED / MEGABYTE} MB, hold the upstream up`, async () => {
    let taken = 0;
    await using upstream = await startLightUpstream((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${OFFERED}\r\n\r\n`);
      const offer = (): void => {
        while (!socket.destroyed && socket.write(PIECE)) taken += PIECE.length;
        taken += PIECE.length;
      };
      socket.on("drain", offer);
      offer();
    });
    await using gateway = await startGateway({ args: ["--upstream", upstream.url] });
    const before = await memoryOf(gateway.pid);
    const clients: RawClient[] = [];
    for (let i = 0; i < CLIENTS; i += 1) {
      const client = await connect(gateway.port);
      client.socket.pause();
      const path = signedTarget(gateway.url, `${upstream.url}/${i}`);
      await client.write(requestBytes("GET", path));
      clients.push(client);
    }
    await waitFor("every request", () => upstream.requests() === CLIENTS);
    const each = (await settled(() => taken)) / CLIENTS / MEGABYTE;
    const grown = ((await memoryOf(gateway.pid)) - before) / MEGABYTE / CLIENTS;
    console.log(`a stalled client: ${each.toFixed(1)} MB taken, ${grown.toFixed(1)} MB of memory`);
    expect(each).toBeLessThan(32);
    expect(grown).toBeLessThan(12);

    // Nobody else is held up, and one that reads on gets on.
    const [first] = clients;
    const held = taken;
    first?.socket.on("data", () => {});
    first?.socket.resume();
    await waitFor("the upstream to go on", () => taken > held + 16 * MEGABYTE);
    for (const client of clients) client.reset();
    await waitFor("the upstream's connections to close", () => upstream.open.size === 0);
  }, 40_000);
});

describe("upstreams that stop reading", () => {
  const CLIENTS = 20;
  const SIZE = 300 * MEGABYTE;

  test(`${CLIENTS} uploads of ${SIZE / MEGABYTE} MB are held up`, async () => {
    await using upstream = await startUpstream([]);
    await using gateway = await startGateway({ args: ["--upstream", upstream.url] });
    const before = await memoryOf(gateway.pid);
    let taken = 0;
    const clients: RawClient[] = [];
    for (let i = 0; i < CLIENTS; i += 1) {
      const client = await connect(gateway.port);
      const path = signedTarget(gateway.url, `${upstream.url}/${i}`, { method: "POST" });
      const headers = [`Content-Length: ${SIZE}`];
      await client.write(requestBytes("POST", path, { headers }));
      const { socket } = await waitFor("its connection", () => upstream.connections[i]);
      socket.pause();
      void offer(client, () => (taken += PIECE.length));
      clients.push(client);
    }
    const each = (await settled(() => taken)) / CLIENTS / MEGABYTE;
    const grown = ((await memoryOf(gateway.pid)) - before) / MEGABYTE / CLIENTS;
    console.log(
      `a stalled upstream: ${each.toFixed(1)} MB taken, ${grown.toFixed(1)} MB of memory`,
    );
    expect(each).toBeLessThan(32);
    expect(grown).toBeLessThan(12);
    for (const client of clients) client.reset();
    for (const { socket } of upstream.connections) socket.resume();
    await waitFor("the breaks", () => upstream.connections.every(({ ended }) => ended()));
    expect(upstream.requests).toEqual([]);
    await waitUntil("the memory to be bounded", async () => {
      return (await memoryOf(gateway.pid)) - before < CLIENTS * 12 * MEGABYTE;
    });
  }, 40_000);
});

async function offer(client: RawClient, onTaken: () => void): Promise<void> {
  for (let sent = 0; sent < 300 * MEGABYTE && !client.socket.destroyed; sent += PIECE.length) {
    await client.write(PIECE);
    onTaken();
  }
}
