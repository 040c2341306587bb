import { describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { OPCODE } from "../../support/sockets/frames.ts";
import { waitFor } from "../../support/wait_for.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import {
  lastFrames,
  type Pair,
  recordOfSocket,
  stageOfFile,
  startSocketStage,
} from "./socket_stage.ts";

// The buffers of the kernel take more than ten MB.
const top = { max_message: 64 * 1024 * 1024 };
const stage = await stageOfFile({ top });

let opened: Promise<unknown> = Promise.resolve();

/** Opens a WebSocket when those before are open, so that both sides belong together. */
function openNext(): Promise<Pair> {
  const pair = opened.then(() => stage.open());
  opened = pair.catch(() => {});
  return pair;
}

const SIZE = 22_000_000;
const TOO_MUCH = 40_000_000;
const SLICE = 256 * 1024;

/** Reads about 2.5 MB in a second. */
function readSlowly(socket: Socket): void {
  let taken = 0;
  socket.on("data", ({ length }: Buffer) => {
    taken += length;
    if (taken < SLICE) return;
    taken = 0;
    socket.pause();
    setTimeout(() => socket.resume(), 100);
  });
}

test.each<[string, (socket: Socket) => void]>([
  ["FIN", (socket) => socket.end()],
  ["RST", (socket) => socket.resetAndDestroy()],
])("an upstream that breaks by %s after a message is at fault", async (_, end) => {
  const { client, server } = await openNext();
  await server.text("the last words");
  await waitFor("the message", () => client.frames.length > 0);
  end(server.socket);
  await waitFor("the end", () => client.ended());
  const record = await recordOfSocket(stage, client);
  expect(record).toMatchObject({ outcome: "upstream_truncated", close_code: 1006, level: "warn" });
});

const WAYS = [
  ["client", "server"],
  ["server", "client"],
] as const satisfies readonly (readonly [keyof Pair, keyof Pair])[];

describe.each(WAYS)("the last messages of the %s", (from, to) => {
  test.concurrent("all reach a slow receiver before the close", async () => {
    const pair = await openNext();
    readSlowly(pair[to].socket);
    await pair[from].binary(Buffer.alloc(SIZE, 1));
    await pair[from].close(4000, "behind it");
    await waitFor(
      "the close",
      () => pair[to].frames.find(({ opcode }) => opcode === OPCODE.close) ?? pair[to].ended(),
      50_000,
    );
    const sizes = pair[to].frames
      .filter(({ opcode }) => opcode !== OPCODE.ping)
      .map(({ opcode, payload }) => [opcode, payload.length]);
    expect(sizes).toEqual([
      [OPCODE.binary, SIZE],
      [OPCODE.close, 11],
    ]);
    expect(await pair[to].closeFrame()).toEqual({ code: 4000, reason: "behind it" });
    const record = await recordOfSocket(stage, pair.client);
    expect(record).toMatchObject({ outcome: "complete", close_code: 4000 });
    pair[to].socket.destroy();
  });

  test.concurrent("are given up when they are not read, and the record says so", async () => {
    const pair = await openNext();
    pair[to].socket.pause();
    await pair[from].write(lastFrames(TOO_MUCH, 4000, from === "client"));
    expect(await recordOfSocket(stage, pair.client)).toMatchObject(
      from === "server"
        ? { outcome: "client_gone", close_code: 1006 }
        : { outcome: "upstream_truncated", code: "upstream_timeout", close_code: 4000 },
    );
    pair[to].socket.resume();
    await pair[to].closed();
    expect(pair[to].frames).toEqual([]);
  });
});

test.concurrent("a client that leaves before it has read all is gone", async () => {
  const { client, server } = await openNext();
  client.socket.pause();
  await server.write(lastFrames(TOO_MUCH, 1000, false));
  client.socket.resetAndDestroy();
  expect(await recordOfSocket(stage, client)).toMatchObject({
    outcome: "client_gone",
    close_code: 1006,
  });
});

test.concurrent("a limit ends it in the meantime, and the client still reads all", async () => {
  await using own = await startSocketStage({ top });
  const { client, server } = await own.openWith({ seconds: 2 });
  readSlowly(client.socket);
  await server.write(lastFrames(SIZE, 1000, false));
  expect(await recordOfSocket(own, client)).toMatchObject({
    outcome: "upstream_truncated",
    code: "upstream_timeout",
  });
  expect(await client.closeFrame()).toEqual({ code: 1008, reason: "upstream_timeout" });
  expect((await client.message()).payload).toHaveLength(SIZE);
  client.socket.destroy();
});

test("a place is free again when the last messages are not read", async () => {
  await acceptsNewTokens();
  const token = await freshToken({ concurrent: 1 });
  const open = () => openSocket(stage.gateway, stage.path, [`Authorization: Bearer ${token}`]);
  const client = await open();
  const server = stage.upstream.peers.at(-1)!;
  client.socket.pause();
  await server.write(lastFrames(TOO_MUCH, 1000, false));
  await recordOfSocket(stage, client);
  (await open()).socket.destroy();
  client.socket.destroy();
});
