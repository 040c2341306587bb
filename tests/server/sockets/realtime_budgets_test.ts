import { describe, expect, test } from "bun:test";
import { recordOfSocket } from "./socket_stage.ts";
import { OPCODE } from "../../support/sockets/frames.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import type { SocketPeer } from "../../support/sockets/socket_peer.ts";
import { waitFor } from "../../support/wait_for.ts";
import { acceptsNewTokens, freshToken } from "../limits/limited_server.ts";
import { QUERY, realtimeStage } from "./realtime_stage.ts";

const { upstream, gateway, pathTo } = await realtimeStage();
await acceptsNewTokens();

type Limits = Parameters<typeof freshToken>[0];

/** Opens sessions of one token. */
async function visitor(limits: Limits, query = QUERY) {
  const token = await freshToken({ models: ["gpt-realtime*"], ...limits });
  const authorization = `Authorization: Bearer ${token}`;
  return {
    async open() {
      const client = await openSocket(gateway, pathTo(query), [authorization]);
      const server = await upstream.next();
      const own = jsonOf(await server.message());
      return { client, server, own };
    },
  };
}

const jsonOf = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());
const create = (cap?: number) =>
  JSON.stringify({
    type: "response.create",
    ...(cap !== undefined && { response: { max_output_tokens: cap } }),
  });
const done = (input: number, output: number) =>
  JSON.stringify({
    type: "response.done",
    response: {
      usage: { total_tokens: input + output, input_tokens: input, output_tokens: output },
    },
  });

async function assertEnded(client: SocketPeer, code: string, closeCode = 1008): Promise<void> {
  expect(await client.closeFrame()).toEqual({ code: closeCode, reason: code });
  const told = client.frames.filter(({ opcode }) => opcode === OPCODE.text).at(-1)!;
  expect(jsonOf(told)).toMatchObject({ type: "error", error: { code } });
}

describe("limits on tokens in a realtime session", () => {
  test("the provider makes no response by itself", async () => {
    const { client, server, own } = await (await visitor({ tokens: 100_000 })).open();
    const turns = { type: "server_vad", create_response: false };
    expect(own.session.audio).toEqual({ input: { turn_detection: turns } });
    const asked = { type: "semantic_vad", create_response: true, idle_timeout_ms: 5000 };
    const audio = { input: { turn_detection: asked } };
    await client.text(JSON.stringify({ type: "session.update", session: { audio } }));
    const { session } = jsonOf(await server.message());
    expect(session.audio.input.turn_detection).toEqual({
      type: "semantic_vad",
      create_response: false,
    });
    client.socket.destroy();
  });

  test.each<[what: string, audio: object | null, up: object | undefined]>([
    ["the session's audio", null, undefined],
    ["its input", { input: null, output: { voice: "marin" } }, { output: { voice: "marin" } }],
    [
      "turns, which turns them off",
      { input: { turn_detection: null } },
      { input: { turn_detection: null } },
    ],
  ])("null does not bring back what the API does by itself: %s", async (_, audio, up) => {
    const { client, server } = await (await visitor({ tokens: 100_000 })).open();
    await client.text(
      JSON.stringify({ type: "session.update", session: { type: "realtime", audio } }),
    );
    const { session } = jsonOf(await server.message());
    expect(session).toEqual({ type: "realtime", ...(up && { audio: up }) });
    client.socket.destroy();
  });

  test("one response is open at a time, and its cap is what is left", async () => {
    const { client, server } = await (await visitor({ tokens: 6000 })).open();
    await client.text(create(4000));
    expect(jsonOf(await server.message()).response).toEqual({ max_output_tokens: 4000 });
    await client.text(create(10));
    expect(jsonOf(await client.message())).toMatchObject({
      type: "error",
      error: { code: "conversation_already_has_active_response" },
    });
    await server.text(done(1000, 1500));
    await client.message();
    await client.text(create(4000));
    const { max_output_tokens: cap } = jsonOf(await server.message()).response;
    // 3,500 are left, of which the input may take some.
    expect(cap).toBeLessThan(3500);
    expect(cap).toBeGreaterThan(100);
    client.socket.destroy();
  });

  test("what responses report is charged, and the session ends when nothing is left", async () => {
    const { open } = await visitor({ tokens: 3000 });
    const { client, server } = await open();
    await client.text(create(16));
    await server.message();
    await server.text(done(2500, 16));
    await client.message();
    await client.text(create(16));
    await assertEnded(client, "tokens_exhausted");
    expect(server.frames.filter(({ opcode }) => opcode === OPCODE.text)).toHaveLength(2);
  });

  test("input that the API adds by itself is reserved for each further response", async () => {
    const { open } = await visitor({ tokens: 15_000 });
    const { client, server } = await open();
    await client.text(create(16));
    await server.message();
    await server.text(done(9000, 16));
    await client.message();
    // 5,984 are left, and the next response has those 9,000 in its input again.
    await client.text(create(16));
    await assertEnded(client, "tokens_exhausted");
    expect(server.frames.filter(({ opcode }) => opcode === OPCODE.text)).toHaveLength(2);
  });

  test("a response that is open when the session ends is charged as it was reserved", async () => {
    const { open } = await visitor({ tokens: 5500 });
    const first = await open();
    await first.client.text(create(4000));
    await first.server.message();
    first.client.socket.destroy();
    await recordOfSocket({ gateway }, first.client);
    const second = await open();
    await second.client.text(create(16));
    await assertEnded(second.client, "tokens_exhausted");
  });

  test("a session ends with 1013 while another one holds what it needs", async () => {
    const { open } = await visitor({ tokens: 5500 });
    const [one, two] = [await open(), await open()];
    await one.client.text(create(4000));
    await one.server.message();
    await two.client.text(create(16));
    await assertEnded(two.client, "budget_reserved", 1013);
    one.client.socket.destroy();
  });

  test("two sessions of a token never reserve more than there is", async () => {
    const { open } = await visitor({ tokens: 6000 });
    const [one, two] = [await open(), await open()];
    await one.client.text(create(4000));
    await one.server.message();
    await two.client.text(create(4000));
    await waitFor(
      "the end",
      () =>
        two.client.frames.some(({ opcode }) => opcode === OPCODE.close) ||
        two.server.frames.length > 1,
    );
    const sent = two.server.frames.filter(({ opcode }) => opcode === OPCODE.text).slice(1);
    const cap = sent[0] ? jsonOf(sent[0]).response.max_output_tokens : 0;
    expect(cap).toBeLessThanOrEqual(1000);
    one.client.socket.destroy();
    two.client.socket.destroy();
  });

  test("what has no bound is refused, also when a policy opens it", async () => {
    const allow = ["field:input_audio_transcription"];
    const { client } = await (await visitor({ tokens: 100_000, allow })).open();
    const audio = { input: { transcription: { model: "gpt-4o-transcribe" } } };
    await client.text(JSON.stringify({ type: "session.update", session: { audio } }));
    await assertEnded(client, "policy_violation");
  });
});

describe("limits on cost in a realtime session", () => {
  test("the cost of each response is reserved and charged", async () => {
    const { open } = await visitor({ cost: 1 }, "?model=gpt-realtime");
    const { client, server } = await open();
    await client.text(create(100));
    await server.message();
    // A million tokens of output cost dozens of dollars.
    await server.text(done(10, 1_000_000));
    await client.message();
    await client.text(create(16));
    await assertEnded(client, "cost_exhausted");
  });

  test("a model without a price is refused", async () => {
    const { open } = await visitor({ cost: 1 }, "?model=gpt-realtime-unknown");
    const { client } = await open();
    await client.text(create(16));
    await assertEnded(client, "price_unknown");
  });
});
