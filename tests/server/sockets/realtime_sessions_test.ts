import { describe, expect, test } from "bun:test";
import { OPCODE } from "../../support/sockets/frames.ts";
import { BETA, realtimeStage, SW } from "./realtime_stage.ts";

const { openSession } = await realtimeStage();

describe("a session", () => {
  test("begins with what the policy sets", async () => {
    const { client, own } = await openSession();
    expect(own).toEqual({
      type: "session.update",
      event_id: "event_signway_session",
      session: {
        type: "realtime",
        max_output_tokens: 800,
        instructions: "Speak French.",
        tools: [],
      },
    });
    client.socket.destroy();
    const beta = await openSession(SW, [BETA]);
    expect(beta.own["session"]).toEqual({
      max_response_output_tokens: 800,
      instructions: "Speak French.",
      tools: [],
    });
    beta.client.socket.destroy();
    const tools = await openSession({ models: ["gpt-realtime*"], allow: ["tools"] });
    expect(tools.own["session"]).toEqual({ type: "realtime" });
    tools.client.socket.destroy();
  });

  const message = (role: string, part: object = { type: "input_text", text: "hi" }) => ({
    type: "conversation.item.create",
    item: { type: "message", role, content: [part] },
  });
  const session = (members: object) => ({ type: "session.update", session: members });
  const response = (members: object) => ({ type: "response.create", response: members });

  test.each<[what: string, event: object, up?: object, headers?: string[]]>([
    ["a text", message("user")],
    ["speech", message("user", { type: "input_audio", audio: "AAAA" })],
    ["what the assistant said", message("assistant", { type: "output_text", text: "salut" })],
    [
      "the output of a function",
      {
        type: "conversation.item.create",
        item: { type: "function_call_output", call_id: "c", output: "{}" },
      },
    ],
    ["audio", { type: "input_audio_buffer.append", audio: "AAAA", event_id: "e" }],
    ["the end of audio", { type: "input_audio_buffer.commit" }],
    ["an interruption", { type: "output_audio_buffer.clear" }],
    ["an end", { type: "response.cancel", response_id: "r" }],
    ["a deletion", { type: "conversation.item.delete", item_id: "i" }],
    ["a plain response", { type: "response.create" }, response({ max_output_tokens: 800 })],
    ["a response with less", response({ max_output_tokens: 10, output_modalities: ["text"] })],
    ["more", response({ max_output_tokens: 5000 }), response({ max_output_tokens: 800 })],
    ["no end", response({ max_output_tokens: "inf" }), response({ max_output_tokens: 800 })],
    ["null", response({ max_output_tokens: null }), response({ max_output_tokens: 800 })],
    [
      "the voice",
      session({ type: "realtime", audio: { output: { voice: "marin" } } }),
      session({ type: "realtime", audio: { output: { voice: "marin" } }, max_output_tokens: 800 }),
    ],
    [
      "nulls, but none that undoes what the gateway has set",
      session({ instructions: null, tools: null, tool_choice: null, max_output_tokens: null }),
      session({ tool_choice: null, max_output_tokens: 800 }),
    ],
    [
      "the model of the handshake",
      session({ type: "realtime", model: "gpt-realtime-2", max_output_tokens: "inf" }),
      session({ type: "realtime", max_output_tokens: 800 }),
    ],
    [
      "the beta form",
      session({ voice: "alloy", max_response_output_tokens: "inf" }),
      session({ voice: "alloy", max_response_output_tokens: 800 }),
      [BETA],
    ],
    [
      "a response of the beta form",
      { type: "response.create" },
      response({ max_response_output_tokens: 800 }),
      [BETA],
    ],
  ])("passes on %s", async (_, event, up = event, headers = []) => {
    const { client, server } = await openSession(SW, headers);
    await client.text(JSON.stringify(event));
    expect(JSON.parse((await server.message()).payload.toString())).toEqual(up);
    client.socket.destroy();
  });

  const raw = (text: string) => text;
  test.each<[what: string, message: object | string, code?: string, headers?: string[]]>([
    ["another model", session({ type: "realtime", model: "gpt-5" })],
    ["another model in a response", response({ model: "gpt-5" })],
    ["its instructions", session({ type: "realtime", instructions: "Speak freely." })],
    ["instructions of a response", response({ instructions: "Speak freely." })],
    ["a system message", message("system")],
    ["a developer message", message("developer")],
    ["a function", session({ type: "realtime", tools: [{ type: "function", name: "f" }] })],
    [
      "a server of tools",
      session({ tools: [{ type: "mcp", server_label: "x", server_url: "https://x" }] }),
    ],
    ["a function in a response", response({ tools: [{ type: "function", name: "f" }] })],
    ["a prompt of the account", session({ prompt: { id: "pmpt_1" } })],
    [
      "transcription",
      session({ audio: { input: { transcription: { model: "gpt-4o-transcribe" } } } }),
    ],
    ["a session for transcription", session({ type: "transcription" })],
    ["a response beside the conversation", response({ conversation: "none" })],
    ["input of its own", response({ input: [] })],
    [
      "a reference to an item",
      { type: "conversation.item.create", item: { type: "item_reference", id: "i" } },
    ],
    ["an image", message("user", { type: "input_image", image_url: "https://x" })],
    ["traces", session({ tracing: "auto" })],
    ["an unknown event", { type: "session.close" }],
    ["an event in another case", { type: "Session.Update", session: { instructions: "x" } }],
    ["an event with a space", { type: "session.update ", session: { instructions: "x" } }],
    ["no type", {}],
    ["a list of events", "[]"],
    ["another spelling of the cap", session({ maxOutputTokens: 5000 })],
    ["the cap of the beta form", session({ max_response_output_tokens: 5000 })],
    [
      "the cap of the present form",
      session({ max_output_tokens: 5000 }),
      "policy_violation",
      [BETA],
    ],
    ["a cap as a text", response({ max_output_tokens: "5000" })],
    ["a fraction as a cap", raw('{"type":"response.create","response":{"max_output_tokens":1.5}}')],
    [
      "a cap twice",
      raw('{"type":"response.create","response":{"max_output_tokens":1,"max_output_tokens":5000}}'),
      "body_malformed",
    ],
    [
      "a type twice",
      raw('{"type":"response.cancel","\\u0074ype":"session.update","session":{}}'),
      "body_malformed",
    ],
    [
      "names in two cases",
      raw('{"type":"session.update","session":{},"Session":{"instructions":"x"}}'),
      "body_malformed",
    ],
    ["no JSON", raw("hello"), "body_malformed"],
    ["two events", raw('{"type":"response.cancel"}{"type":"response.cancel"}'), "body_malformed"],
  ])("ends with %s", async (_, message, code = "policy_violation", headers = []) => {
    const { client, server } = await openSession(SW, headers);
    await client.text(typeof message === "string" ? message : JSON.stringify(message));
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: code });
    const told = JSON.parse((await client.message()).payload.toString());
    expect(told).toMatchObject({ type: "error", error: { type: "invalid_request_error", code } });
    expect((await server.closeFrame()).code).toBe(1001);
    expect(server.frames.filter(({ opcode }) => opcode === OPCODE.text)).toHaveLength(1);
  });

  test("ends with a binary message", async () => {
    const { client, server } = await openSession();
    await client.binary(Buffer.from('{"type":"response.cancel"}'));
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "policy_violation" });
    await server.closeFrame();
  });

  test.each<[entry: string, event: object]>([
    [
      "tools",
      session({ type: "realtime", tools: [{ type: "function", name: "f", parameters: {} }] }),
    ],
    ["images", message("user", { type: "input_image", image_url: "https://x" })],
    ["field:session.tracing", session({ tracing: "auto" })],
  ])("passes on what allow opens: %s", async (entry, event) => {
    const { client, server } = await openSession({ models: ["gpt-realtime*"], allow: [entry] });
    await client.text(JSON.stringify(event));
    expect(JSON.parse((await server.message()).payload.toString())).toEqual(event);
    client.socket.destroy();
  });

  test("ends when the API refuses what the policy sets", async () => {
    const { client, server, own } = await openSession();
    const error = { type: "invalid_request_error", code: "x", event_id: own["event_id"] };
    await server.text('{"type":"session.created"}');
    await server.text(JSON.stringify({ type: "error", event_id: "event_1", error }));
    expect(await client.closeFrame()).toEqual({ code: 1011, reason: "upstream_broken" });
    expect((await server.closeFrame()).code).toBe(1001);
  });

  test("goes on when the API refuses what the client says, and when it has taken the session", async () => {
    const { client, server, own } = await openSession();
    const error = (id: unknown) => JSON.stringify({ type: "error", error: { event_id: id } });
    await server.text(error("event_of_the_client"));
    await server.text('{"type":"session.updated"}');
    await server.text(error(own["event_id"]));
    await server.text("{}");
    for (let index = 0; index < 4; index++) await client.message();
    client.socket.destroy();
  });

  test("with on_excess refuse ends with more", async () => {
    const { client } = await openSession({ ...SW, on_excess: "refuse" });
    await client.text(JSON.stringify(response({ max_output_tokens: 801 })));
    expect(await client.closeFrame()).toEqual({ code: 1008, reason: "policy_violation" });
  });

  test("does not show the instructions that the policy sets", async () => {
    const { client, server, own } = await openSession();
    const { session: set } = own as { session: object };
    await server.text(JSON.stringify({ type: "session.updated", session: set }));
    await server.text(JSON.stringify({ type: "response.done", response: { instructions: "x" } }));
    const { instructions: _, ...visible } = set as { instructions: string };
    expect(JSON.parse((await client.message()).payload.toString())).toEqual({
      type: "session.updated",
      session: visible,
    });
    expect((await client.message()).payload.toString()).not.toContain("instructions");
    client.socket.destroy();
    const free = await openSession({ models: ["gpt-realtime*"] });
    const text = '{"type":"session.updated","session":{"instructions":"of the client"}}';
    await free.server.text(text);
    expect((await free.client.message()).payload.toString()).toBe(text);
    free.client.socket.destroy();
  });

  test("passes on what the API says as it is", async () => {
    const { client, server } = await openSession();
    await server.text('{"type":"session.created","x":1.0}');
    expect((await client.message()).payload.toString()).toBe('{"type":"session.created","x":1.0}');
    client.socket.destroy();
  });
});
