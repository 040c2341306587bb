import { describe, expect, test } from "bun:test";
import { frame, OPCODE } from "../../support/sockets/frames.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { QUERY } from "./realtime_stage.ts";
import { type Pair, recordOfSocket, stageOfFile } from "./socket_stage.ts";

const stage = await stageOfFile({ top: { ws_ping: 0 }, rule: { provider: "openai" } });

const MIB = 1024 * 1024;
// `SOCKET_MIB=128` offers as much as the specification names.
const OFFERED = Number(process.env["SOCKET_MIB"] ?? 48) * MIB;
const PIECE = 64 * 1024;

async function residentBytes(): Promise<number> {
  const status = await Bun.file(`/proc/${stage.gateway.pid}/status`).text();
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
}

/** Writes without end until the connection takes no more for a while; the bytes that it took. */
async function offer({ socket }: Pair["client"], bytes: Buffer): Promise<number> {
  let taken = 0;
  while (taken < OFFERED) {
    const isFull = !socket.write(bytes);
    taken += bytes.length;
    if (!isFull) continue;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(resolve, 500, false);
    socket.once("drain", () => resolve(true));
    const hasDrained = await promise;
    clearTimeout(timer);
    if (!hasDrained) return taken;
  }
  return taken;
}

describe.each([
  ["client", "server"],
  ["server", "client"],
] as const)("messages of the %s, which the %s does not read,", (from, to) => {
  test("stay with their sender, and all arrive in the end", async () => {
    const warm = await stage.open();
    await warm.client.binary(Buffer.alloc(MIB));
    await warm.server.message();
    const pair = await stage.open();
    pair[to].socket.pause();
    const bytes = frame(OPCODE.binary, Buffer.alloc(PIECE, 5), { isMasked: from === "client" });
    const before = await residentBytes();
    const taken = await offer(pair[from] as Pair["client"], bytes);
    // What the kernel and this process hold is far less than what is offered.
    expect(taken).toBeLessThan(OFFERED);
    expect((await residentBytes()) - before).toBeLessThan(8 * MIB);
    pair[to].socket.resume();
    const count = taken / bytes.length;
    await pair[from].text("the end");
    await waitFor("all messages", () => pair[to].frames.length > count);
    const sizes = new Set(pair[to].frames.slice(0, count).map(({ payload }) => payload.length));
    expect([...sizes]).toEqual([PIECE]);
    expect(pair[to].frames.at(-1)!.payload.toString()).toBe("the end");
    warm.client.socket.destroy();
    pair.client.socket.destroy();
  });

  test("do not keep a connection open whose sender has gone", async () => {
    const pair = await stage.open();
    pair[to].socket.pause();
    const bytes = frame(OPCODE.binary, Buffer.alloc(PIECE, 5), { isMasked: from === "client" });
    await offer(pair[from] as Pair["client"], bytes);
    pair[from].socket.resetAndDestroy();
    await recordOfSocket(stage, pair.client);
    pair[to].socket.resume();
    await pair[to].closed();
  });

  test("do not hinder messages of the other way", async () => {
    const pair = await stage.open();
    pair[to].socket.pause();
    const bytes = frame(OPCODE.binary, Buffer.alloc(PIECE, 5), { isMasked: from === "client" });
    await offer(pair[from] as Pair["client"], bytes);
    await pair[to].text("still here");
    expect((await pair[from].message()).payload.toString()).toBe("still here");
    pair.client.socket.destroy();
    pair.server.socket.destroy();
  });
});

describe.each([
  ["client", "server"],
  ["server", "client"],
] as const)("pings of the %s, which does not read the pongs,", (from, to) => {
  const isMasked = from === "client";
  const pings = Buffer.concat(
    Array.from({ length: 1000 }, () => frame(OPCODE.ping, Buffer.alloc(125, 1), { isMasked })),
  );

  test("take little memory, and the last one is answered", async () => {
    const before = await residentBytes();
    const pairs = [await stage.open(), await stage.open(), await stage.open()];
    for (const pair of pairs) {
      pair[from].socket.pause();
      await offer(pair[from] as Pair["client"], pings);
    }
    expect((await residentBytes()) - before).toBeLessThan(16 * MIB);
    for (const pair of pairs) {
      pair[from].socket.resume();
      await pair[from].send(OPCODE.ping, "the last");
      await waitFor("a pong", () => pair[from].frames.at(-1)?.payload.toString() === "the last");
      expect(pair[from].frames.every(({ opcode }) => opcode === OPCODE.pong)).toBe(true);
      pair.client.socket.destroy();
    }
  });

  test("hinder no messages of either side when they are few", async () => {
    const pair = await stage.open();
    pair[from].socket.pause();
    const bytes = frame(OPCODE.binary, Buffer.alloc(PIECE, 5), { isMasked: to === "client" });
    await offer(pair[to] as Pair["client"], bytes);
    for (let count = 0; count < 100; count++) await pair[from].send(OPCODE.ping, `${count}`);
    await pair[from].text("still here");
    expect((await pair[to].message()).payload.toString()).toBe("still here");
    pair[from].socket.resume();
    await waitFor("the last pong", () =>
      pair[from].frames.some(
        ({ opcode, payload }) => opcode === OPCODE.pong && payload.toString() === "99",
      ),
    );
    pair.client.socket.destroy();
  });
});

test("a client that does not read what the gateway tells it has to wait, and gets all of it", async () => {
  await acceptsNewTokens();
  const { gateway, upstream } = stage;
  const token = await freshToken({ models: ["gpt-realtime*"], tokens: 1_000_000 });
  const path = `/127.0.0.1:${upstream.port}/v1/realtime${QUERY}`;
  const client = await openSocket(gateway, path, [`Authorization: Bearer ${token}`]);
  const server = await upstream.next();
  const create = '{"type":"response.create"}'.padEnd(250);
  await client.text(create);
  await waitFor("an open response", () => server.frames.length === 2);
  client.socket.pause();
  // Each of these is told that a response is open.
  const message = frame(OPCODE.text, create, { isMasked: true });
  const many = Buffer.concat(Array(PIECE / 256).fill(message));
  const taken = await offer(client, many);
  expect(taken).toBeLessThan(OFFERED);
  client.socket.resume();
  const count = (taken / many.length) * (PIECE / 256);
  await waitFor("all replies", () => client.frames.length >= count);
  expect(client.frames).toHaveLength(count);
  expect(server.frames).toHaveLength(2);
  client.socket.destroy();
});
