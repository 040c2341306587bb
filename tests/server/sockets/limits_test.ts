import { describe, expect, test } from "bun:test";
import type { Socket } from "node:net";
import { granting } from "../../support/minted.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { frame, OPCODE } from "../../support/sockets/frames.ts";
import { openSocket, sendHandshake } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { recordOf, type SocketStage, type StageOptions, startSocketStage } from "./socket_stage.ts";

let started: Promise<unknown> = Promise.resolve();

/** Starts a stage when those before have, and waits for those behind: no time runs while processes start. */
async function startStage(options?: StageOptions): Promise<SocketStage> {
  const stage = started.then(() => startSocketStage(options));
  started = stage.catch(() => {});
  await stage;
  await started;
  return stage;
}

/** What ends a WebSocket by itself. */
const TIMES: readonly (readonly [
  what: string,
  options: StageOptions,
  sw: object,
  reason: string,
])[] = [
  ["idle_timeout", { top: { idle_timeout: 2 } }, {}, "upstream_timeout"],
  ["idle_timeout of the rule", { rule: { idle_timeout: 2 } }, {}, "upstream_timeout"],
  ["max_duration", { top: { max_duration: 3 } }, {}, "upstream_timeout"],
  ["seconds of the token", {}, { seconds: 3 }, "upstream_timeout"],
];

describe("out of time is 1008 for the client:", () => {
  test.concurrent.each(TIMES)("%s", async (what, options, sw, reason) => {
    await using stage = await startStage(options);
    const { client, server } = await stage.openWith(sw);
    // On a machine that is busy, the time of the others may be over before a message has passed.
    if (what.startsWith("idle_timeout")) {
      await client.text("in time");
      await server.message();
    }
    expect(await client.closeFrame()).toEqual({ code: 1008, reason });
    expect((await server.closeFrame()).code).toBe(1001);
    expect(await recordOf(stage)).toMatchObject({ close_code: 1008, code: reason });
  });

  test.concurrent("the token's exp", async () => {
    await using stage = await startStage();
    const exp = Math.floor(Date.now() / 1000) + 4;
    const { client, server } = await stage.openWith({}, { exp });
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "token_expired" });
    await server.closeFrame();
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000);
    expect(await recordOf(stage)).toMatchObject({ outcome: "refused", code: "token_expired" });
  });

  test.concurrent("messages keep an idle one open, pings do not", async () => {
    await using stage = await startStage({ top: { idle_timeout: 2 } });
    const [busy, quiet] = [await stage.open(), await stage.open()];
    const timer = setInterval(() => {
      void busy.server.text("tick");
      void quiet.server.send(OPCODE.ping, "tick");
      void quiet.client.send(OPCODE.ping, "tick");
    }, 200);
    expect((await quiet.client.closeFrame()).code).toBe(1008);
    await waitFor("more ticks", () => busy.client.frames.length > 24);
    clearInterval(timer);
    expect(busy.client.frames.every(({ opcode }) => opcode === OPCODE.text)).toBe(true);
    busy.client.socket.destroy();
  });
});

/** Writes messages until the connection takes no more. */
async function fill(socket: Socket): Promise<void> {
  const bytes = frame(OPCODE.binary, Buffer.alloc(64 * 1024), { isMasked: true });
  for (let isFull = false; !isFull; isFull = socket.writableLength > 0) {
    if (!socket.write(bytes)) await Bun.sleep(300);
  }
}

describe("a silent client", () => {
  test.concurrent("gets pings, and stays when it answers", async () => {
    await using stage = await startStage({ top: { ws_ping: 1 } });
    const { client } = await stage.open();
    const pings = () => client.frames.filter(({ opcode }) => opcode === OPCODE.ping).length;
    for (let count = 1; count <= 4; count++) {
      await waitFor("a ping", () => pings() === count);
      await client.send(OPCODE.pong, client.frames.at(-1)!.payload);
    }
    expect(client.ended()).toBeUndefined();
    client.socket.destroy();
  });

  test.concurrent("is found gone although its upstream reads nothing", async () => {
    await using stage = await startStage({ top: { ws_ping: 1 } });
    const { client, server } = await stage.open();
    server.socket.pause();
    await fill(client.socket);
    client.socket.destroy();
    expect(await recordOf(stage)).toMatchObject({ outcome: "client_gone", close_code: 1006 });
    server.socket.resume();
    await server.closed();
  });

  test.concurrent("stays when its upstream reads nothing for longer than two of them", async () => {
    await using stage = await startStage({ top: { ws_ping: 1 } });
    const { client, server } = await stage.open();
    server.socket.pause();
    await fill(client.socket);
    const pings = () => client.frames.filter(({ opcode }) => opcode === OPCODE.ping).length;
    await waitFor("some pings", () => pings() === 5);
    server.socket.resume();
    await server.text("still here");
    expect((await client.message()).payload.toString()).toBe("still here");
    client.socket.destroy();
  });

  test.concurrent("is given up after two of them", async () => {
    await using stage = await startStage({ top: { ws_ping: 1 } });
    const { client, server } = await stage.open();
    await client.closed();
    await server.closed();
    expect(client.frames.map(({ opcode }) => opcode)).toEqual([OPCODE.ping, OPCODE.ping]);
    expect(await recordOf(stage)).toMatchObject({ outcome: "client_gone", close_code: 1006 });
  });
});

describe("counters:", () => {
  const counted = async (sw: Parameters<typeof freshToken>[0]) => {
    const stage = await startStage();
    await acceptsNewTokens();
    const authorization = `Authorization: Bearer ${await freshToken(sw)}`;
    const send = () => sendHandshake(stage.gateway, stage.path, [authorization]);
    const refusal = async () => {
      const response = await (await send()).response();
      return [response.status, problemOf(response)["code"]];
    };
    const open = async () => {
      const client = await openSocket(stage.gateway, stage.path, [authorization]);
      return { client, server: await stage.upstream.next() };
    };
    return { stage, open, refusal };
  };

  test.concurrent("a handshake is one use, however many messages follow", async () => {
    const { stage, open, refusal } = await counted({ uses: 1 });
    await using _ = stage;
    const { client, server } = await open();
    expect(client.answer.all("ratelimit")).toEqual(['"uses";r=0']);
    for (let count = 0; count < 5; count++) await client.text("x");
    for (let count = 0; count < 5; count++) await server.message();
    expect(await refusal()).toEqual([403, "uses_exhausted"]);
    client.socket.destroy();
  });

  test.concurrent("a place is free when the WebSocket has ended", async () => {
    const { stage, open, refusal } = await counted({ concurrent: 1 });
    await using _ = stage;
    const { client, server } = await open();
    expect(await refusal()).toEqual([429, "too_many_concurrent"]);
    await client.close(1000);
    await server.closeFrame();
    await stage.gateway.waitForRecord(({ status }) => status === 101);
    const again = await open();
    again.client.socket.destroy();
  });

  test.concurrent("bytes count both ways, and end it with 1008", async () => {
    const { stage, open, refusal } = await counted({ bytes: 100_000 });
    await using _ = stage;
    const { client, server } = await open();
    for (let count = 0; count < 6; count++) {
      await client.binary(Buffer.alloc(10_000));
      await server.binary(Buffer.alloc(10_000));
    }
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "bytes_exhausted" });
    const passed = () =>
      [...client.frames, ...server.frames].filter(({ opcode }) => opcode === OPCODE.binary);
    const record = await recordOf(stage);
    expect(record).toMatchObject({ outcome: "refused", code: "bytes_exhausted" });
    expect(Number(record["bytes_in"]) + Number(record["bytes_out"])).toBe(100_000);
    // Each end may get its last message a little later.
    await waitFor("all messages", () => passed().length >= 10);
    expect(await refusal()).toEqual([403, "bytes_exhausted"]);
    expect(passed().length).toBe(10);
  });

  test.concurrent("max_connections of the app", async () => {
    await using stage = await startStage({ app: { max_connections: 1 } });
    const { client } = await stage.openWith({});
    const token = granting({});
    const late = await sendHandshake(stage.gateway, stage.path, [`Authorization: Bearer ${token}`]);
    const response = await late.response();
    expect([response.status, problemOf(response)["code"]]).toEqual([503, "too_many_connections"]);
    client.socket.destroy();
  });
});
