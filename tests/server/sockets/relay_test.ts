import { describe, expect, test } from "bun:test";
import { frame, OPCODE } from "../../support/sockets/frames.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type Pair, recordOfSocket, stageOfFile, startSocketStage } from "./socket_stage.ts";

const stage = await stageOfFile();

type Side = keyof Pair;
const WAYS: readonly (readonly [from: Side, to: Side])[] = [
  ["client", "server"],
  ["server", "client"],
];

const MESSAGES: readonly (readonly [what: string, opcode: number, payload: string | Buffer])[] = [
  ["text", OPCODE.text, "héllo 🎉"],
  ["text with a byte-order mark", OPCODE.text, "\uFEFFx\uFEFF"],
  ["text with NUL", OPCODE.text, "a\0b"],
  ["empty text", OPCODE.text, ""],
  ["binary", OPCODE.binary, Buffer.from([0, 255, 0xc3, 0x28, 0xed, 0xa0, 0x80])],
  ["empty binary", OPCODE.binary, ""],
  ["125 bytes", OPCODE.binary, Buffer.alloc(125, 1)],
  ["126 bytes", OPCODE.text, "a".repeat(126)],
  ["65,535 bytes", OPCODE.binary, Buffer.alloc(65_535, 2)],
  ["65,536 bytes", OPCODE.text, "b".repeat(65_536)],
  ["3 MB", OPCODE.binary, Buffer.alloc(3_000_000, 3)],
];

describe.each(WAYS)("from the %s to the %s", (from, to) => {
  test("messages arrive as they are, in their order", async () => {
    const pair = await stage.open();
    for (const [, opcode, payload] of MESSAGES) await pair[from].send(opcode, payload);
    for (const [what, opcode, payload] of MESSAGES) {
      const message = await pair[to].message();
      const isSame = message.payload.equals(Buffer.from(payload));
      expect([what, message.opcode, isSame, message.reserved]).toEqual([what, opcode, true, 0]);
      expect(message.isMasked).toBe(to === "server");
    }
    pair.client.socket.destroy();
  });

  test("fragments arrive as one message, with control frames between them", async () => {
    const pair = await stage.open();
    const isMasked = from === "client";
    const part = (opcode: number, payload: string, isFinal: boolean) =>
      frame(opcode, payload, { isFinal, isMasked });
    await pair[from].write(
      Buffer.concat([
        part(OPCODE.text, "wé".slice(0, 1), false),
        part(OPCODE.ping, "between", true),
        part(OPCODE.more, "", false),
        part(OPCODE.more, "é and the rest", true),
      ]),
    );
    const { opcode, payload } = await pair[to].message();
    expect([opcode, payload.toString()]).toEqual([OPCODE.text, "wé and the rest"]);
    const pong = await waitFor("a pong", () =>
      pair[from].frames.find((each) => each.opcode === OPCODE.pong),
    );
    expect(pong.payload.toString()).toBe("between");
    // A ping is answered here and goes no further.
    expect(pair[to].frames.filter((each) => each.opcode >= OPCODE.ping)).toEqual([]);
    pair.client.socket.destroy();
  });

  test.each([
    [1000, ""],
    [1000, "done"],
    [1001, "é".repeat(61)],
    ...[1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014].map((code) => [code, "x"]),
    [3000, ""],
    [4999, "own"],
    [undefined, ""],
  ] as [number | undefined, string][])("the close %p %p", async (code, reason) => {
    const pair = await stage.open();
    await pair[from].close(code, reason);
    expect(await pair[to].closeFrame()).toEqual({ code, reason });
    // The side that began gets its own code back.
    expect((await pair[from].closeFrame()).code).toBe(code);
    await pair[to].close(code, reason);
    await pair[from].closed();
    expect(await recordOfSocket(stage, pair.client)).toMatchObject({
      outcome: "complete",
      close_code: code ?? 1005,
    });
  });

  test.each(["end", "resetAndDestroy"] as const)("a connection that ends by %s", async (how) => {
    const pair = await stage.open();
    await pair[from].text("last words");
    await pair[to].message();
    pair[from].socket[how]();
    await pair[to].closed();
    expect(pair[to].frames.filter(({ opcode }) => opcode === OPCODE.close)).toEqual([]);
  });

  test("everything that was sent before a close arrives", async () => {
    const pair = await stage.open();
    pair[to].socket.pause();
    const size = 100_000;
    const sent = Array.from({ length: 30 }, () => pair[from].binary(Buffer.alloc(size, 7)));
    const closing = pair[from].close(4000, "behind it");
    await Bun.sleep(50);
    pair[to].socket.resume();
    await Promise.all([...sent, closing]);
    expect(await pair[to].closeFrame()).toEqual({ code: 4000, reason: "behind it" });
    const binary = pair[to].frames.filter(({ opcode }) => opcode === OPCODE.binary);
    expect(binary.map(({ payload }) => payload.length)).toEqual(Array(30).fill(size));
    pair[to].socket.destroy();
  });
});

test("messages in the packet of the handshake's answer arrive", async () => {
  const head = Buffer.concat([frame(OPCODE.text, "one"), frame(OPCODE.text, "two")]);
  await using early = await startSocketStage({ answer: () => ({ head }) });
  const { client } = await early.open();
  expect((await client.message()).payload.toString()).toBe("one");
  expect((await client.message()).payload.toString()).toBe("two");
  client.socket.destroy();
});

test("a close in the packet of the handshake's answer arrives", async () => {
  const code = Buffer.from([0x0f, 0xa1]);
  const head = Buffer.concat([frame(OPCODE.text, "one"), frame(OPCODE.close, code)]);
  await using early = await startSocketStage({ answer: () => ({ head }) });
  const { client } = await early.open();
  expect((await client.message()).payload.toString()).toBe("one");
  expect(await client.closeFrame()).toEqual({ code: 4001, reason: "" });
});

test("one record counts messages and bytes each way", async () => {
  await using own = await startSocketStage();
  const { client, server } = await own.open();
  await client.text("four");
  await client.binary(Buffer.alloc(10));
  await server.message();
  await server.message();
  await server.text("é");
  await client.message();
  await client.close(1000);
  await server.closeFrame();
  const record = await own.gateway.waitForRecord(() => true);
  expect(record).toMatchObject({
    level: "info",
    method: "GET",
    status: 101,
    outcome: "complete",
    upstream: `${own.upstream.url.replace("ws", "http")}/`,
    messages_in: 2,
    messages_out: 1,
    bytes_in: 14,
    bytes_out: 2,
    close_code: 1000,
  });
  expect(own.gateway.records()).toHaveLength(1);
});
