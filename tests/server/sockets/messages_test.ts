import { describe, expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { openSocket, sendHandshake } from "../../support/sockets/open_socket.ts";
import { QUERY, realtimeStage, SW } from "./realtime_stage.ts";

const { gateway, upstream, path, openSession, pathTo } = await realtimeStage();

const MESSAGES = {
  say: { type: "object", required: ["text"], properties: { text: { maxLength: 5 } } },
  setup: true,
};

async function open(sw: object) {
  const client = await openSocket(gateway, path, [`Authorization: Bearer ${granting(sw)}`]);
  return { client, server: await upstream.next() };
}

describe("messages of a policy", () => {
  test.each<[what: string, message: string, up?: string]>([
    ["a message of a type", '{"type":"say","text":"hello"}'],
    [
      "one with spaces, which is written again",
      '{ "type": "say", "text": "hi" }',
      '{"type":"say","text":"hi"}',
    ],
    ["one with its type as its only name", '{"setup":{"model":1.0}}'],
  ])("pass on %s", async (_, message, up = message) => {
    const { client, server } = await open({ messages: MESSAGES });
    await client.text(message);
    expect((await server.message()).payload.toString()).toBe(up);
    client.socket.destroy();
  });

  test.each<[what: string, message: string | Buffer, code?: string]>([
    ["another type", '{"type":"stop"}'],
    ["a type in another case", '{"type":"Say","text":"a"}'],
    ["what the schema refuses", '{"type":"say","text":"too long"}'],
    ["what the schema misses", '{"type":"say"}'],
    ["no type", '{"text":"a","b":1}'],
    ["a type that is no text", '{"type":1}'],
    ["a list", "[]"],
    ["a type twice", '{"type":"say","text":"a","type":"stop"}', "body_malformed"],
    ["bytes", Buffer.from('{"setup":1}')],
  ])("end a WebSocket with %s", async (_, message, code = "policy_violation") => {
    const { client, server } = await open({ messages: MESSAGES });
    await (typeof message === "string" ? client.text(message) : client.binary(message));
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: code });
    await server.closeFrame();
    expect(server.frames).toHaveLength(1);
  });

  test("let bytes pass with binary", async () => {
    const { client, server } = await open({ messages: MESSAGES, binary: true });
    await client.binary(Buffer.from([1, 2, 255]));
    expect([...(await server.message()).payload]).toEqual([1, 2, 255]);
    client.socket.destroy();
  });

  test("cover body, and a shorthand for another API", async () => {
    const covered = await open({ messages: MESSAGES, body: { schema: false }, models: ["m"] });
    await covered.client.text('{"setup":{}}');
    await covered.server.message();
    covered.client.socket.destroy();
    const authorization = `Authorization: Bearer ${granting({ messages: MESSAGES, tokens: 5 }, { claims: { jti: "a", iat: Math.floor(Date.now() / 1000) } })}`;
    const refused = await (await sendHandshake(gateway, path, [authorization])).response();
    expect(problemOf(refused)["code"]).toBe("websocket_not_granted");
  });

  test("hold beside the guard of the realtime API", async () => {
    const authorization = `Authorization: Bearer ${granting({ ...SW, messages: { "response.cancel": true } })}`;
    const client = await openSocket(gateway, pathTo(QUERY), [authorization]);
    const server = await upstream.next();
    await server.message();
    await client.text('{"type":"response.cancel"}');
    await server.message();
    await client.text('{"type":"response.create"}');
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "policy_violation" });
  });
});

describe("session of a policy", () => {
  const session = { audio: { output: { voice: "marin" } } };
  const update = (members: object) => JSON.stringify({ type: "session.update", session: members });

  test("is set, and the client cannot change it", async () => {
    const { client, own } = await openSession({ ...SW, session });
    expect(own["session"]).toEqual({
      type: "realtime",
      max_output_tokens: 800,
      instructions: "Speak French.",
      tools: [],
      ...session,
    });
    await client.text(update({ audio: { output: { voice: "cedar" } } }));
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "policy_violation" });
  });

  test.each([
    ["the object around it", update({ audio: null })],
    [
      "it in a response",
      '{"type":"response.create","response":{"audio":{"output":{"voice":"a"}}}}',
    ],
  ])("ends with %s", async (_, message) => {
    const { client } = await openSession({ ...SW, session });
    await client.text(message);
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "policy_violation" });
  });

  test("leaves the rest to the client", async () => {
    const { client, server } = await openSession({ ...SW, session });
    await client.text(update({ audio: { output: { speed: 2 } } }));
    expect(JSON.parse((await server.message()).payload.toString()).session.audio).toEqual({
      output: { speed: 2 },
    });
    client.socket.destroy();
  });

  test.each<[what: string, sw: object]>([
    ["instructions beside system", { ...SW, session: { instructions: "Speak freely." } }],
    ["a tool", { ...SW, session: { tools: [{ type: "mcp", server_url: "https://x" }] } }],
    ["another model", { ...SW, session: { model: "gpt-5" } }],
  ])("with %s is refused", async (_, sw) => {
    const authorization = `Authorization: Bearer ${granting(sw)}`;
    const refused = await (await sendHandshake(gateway, pathTo(QUERY), [authorization])).response();
    expect([refused.status, problemOf(refused)["code"]]).toEqual([403, "policy_violation"]);
  });

  test("raises no cap", async () => {
    const { client, own } = await openSession({ ...SW, session: { max_output_tokens: 4000 } });
    expect(own["session"]).toMatchObject({ max_output_tokens: 800 });
    client.socket.destroy();
  });
});
