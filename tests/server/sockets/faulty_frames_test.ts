import { describe, expect, test } from "bun:test";
import { frame, OPCODE } from "../../support/sockets/frames.ts";
import { recordOfSocket, stageOfFile, startSocketStage } from "./socket_stage.ts";

const MAX = 1000;
const small = await stageOfFile({ top: { max_message: MAX } });

const part = (size: number, isMasked: boolean, opcode: number = OPCODE.more, isFinal = false) =>
  frame(opcode, Buffer.alloc(size), { isMasked, isFinal });

/** What is larger than a message may be, as frames. */
const TOO_BIG: readonly (readonly [what: string, bytes: (isMasked: boolean) => Buffer])[] = [
  ["one frame", (isMasked) => part(MAX + 1, isMasked, OPCODE.binary, true)],
  [
    "the header of one that is said to be huge",
    (isMasked) => frame(OPCODE.binary, "abc", { isMasked, length: 2 ** 40 }),
  ],
  [
    "fragments without an end",
    (isMasked) =>
      Buffer.concat([part(600, isMasked, OPCODE.binary), part(300, isMasked), part(300, isMasked)]),
  ],
];

describe("a message that is too big ends the WebSocket with 1009:", () => {
  test.each(TOO_BIG)("of the client, %s", async (_, bytes) => {
    const { client, server } = await small.open();
    await client.write(bytes(true));
    expect(await client.closeFrame()).toEqual({ code: 1009, reason: "Received too big message" });
    await server.closed();
    expect(server.frames.filter(({ opcode }) => opcode < OPCODE.close)).toEqual([]);
    expect(await recordOfSocket(small, client)).toMatchObject({
      outcome: "refused",
      close_code: 1009,
    });
  });

  test.each(TOO_BIG)("of the upstream, %s", async (_, bytes) => {
    const { client, server } = await small.open();
    await server.write(bytes(false));
    expect((await client.closeFrame()).code).toBe(1009);
    expect((await server.closeFrame()).code).toBe(1009);
    expect(await recordOfSocket(small, client)).toMatchObject({
      outcome: "upstream_truncated",
      code: "upstream_broken",
      close_code: 1009,
    });
  });

  test("exactly as much passes", async () => {
    const { client, server } = await small.open();
    await client.binary(Buffer.alloc(MAX));
    await server.binary(Buffer.alloc(MAX));
    expect((await server.message()).payload.length).toBe(MAX);
    expect((await client.message()).payload.length).toBe(MAX);
    client.socket.destroy();
  });
});

describe.each([
  [10, 2000],
  [2000, 10],
])(
  "after a reload that changes max_message from %i to %i, a message of 100 bytes",
  (most, later) => {
    const isRefused = most < 100;
    const stageAfterReload = async () => {
      const stage = await startSocketStage({ top: { max_message: most } });
      const config = JSON.parse(await Bun.file(stage.gateway.file).text());
      await stage.gateway.reconfigure({ ...config, max_message: later });
      return stage;
    };
    const verb = isRefused ? "is too big" : "passes";

    test.each([
      ["client", "server"],
      ["server", "client"],
    ] as const)(`of the %s ${verb}`, async (from, to) => {
      await using stage = await stageAfterReload();
      const pair = await stage.open();
      await pair[from].binary(Buffer.alloc(100));
      if (isRefused) expect((await pair.client.closeFrame()).code).toBe(1009);
      else expect((await pair[to].message()).payload.length).toBe(100);
      pair.client.socket.destroy();
    });
  },
);

describe("a malformed frame of the upstream ends it with 1011:", () => {
  test.each<[what: string, bytes: Buffer]>([
    ["a reserved bit", frame(OPCODE.text, "x", { reserved: 4 })],
    ["an unknown kind", frame(3, "x")],
    ["a mask", frame(OPCODE.text, "x", { isMasked: true })],
    ["text that is no UTF-8", frame(OPCODE.text, Buffer.from([0xff]))],
    ["a fragment without a beginning", frame(OPCODE.more, "x")],
    ["a long ping", frame(OPCODE.ping, Buffer.alloc(126))],
    ["a close of one byte", frame(OPCODE.close, "x")],
    ["a close code that must not be sent", frame(OPCODE.close, Buffer.from([3, 237]))],
  ])("%s", async (_, bytes) => {
    const { client, server } = await small.open();
    await server.write(bytes);
    expect(await client.closeFrame()).toEqual({ code: 1011, reason: "upstream_broken" });
    await server.closed();
  });
});

describe("a malformed frame of the client ends it:", () => {
  const part = { isMasked: true };
  test.each<[what: string, bytes: Buffer, code: number, reason: string]>([
    ["an unknown kind", frame(3, "x", part), 1002, "Received invalid opcode"],
    ["no mask", frame(OPCODE.text, "x"), 1002, "Received an incorrectly masked frame"],
    [
      "text that is no UTF-8",
      frame(OPCODE.text, Buffer.from([0xff]), part),
      1007,
      "Received invalid UTF-8",
    ],
  ])("%s", async (_, bytes, code, reason) => {
    const { client, server } = await small.open();
    await client.write(bytes);
    expect(await client.closeFrame()).toEqual({ code, reason });
    await server.closed();
    expect(await recordOfSocket(small, client)).toMatchObject({
      outcome: "refused",
      reason: "a frame is malformed",
      close_code: code,
    });
  });
});
