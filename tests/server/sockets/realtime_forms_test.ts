import { expect, test } from "bun:test";
import { realtimeStage, SW } from "./realtime_stage.ts";

const { openSession, upstream } = await realtimeStage();
const injecting = await realtimeStage({ "OpenAI-Beta": "realtime=v1" });

const PRESENT = "max_output_tokens";
const BETA = "max_response_output_tokens";

// A guard that speaks the other form than the API sets nothing at all.
test.each<[what: string, cap: string, headers: string[]]>([
  ["the sub-protocol of the beta form", BETA, ["Sec-WebSocket-Protocol: openai-beta.realtime-v1"]],
  [
    "the sub-protocol in a line of its own",
    BETA,
    ["Sec-WebSocket-Protocol: realtime", "Sec-WebSocket-Protocol: openai-beta.realtime-v1"],
  ],
  ["a longer name", PRESENT, ["Sec-WebSocket-Protocol: x-openai-beta.realtime-v1"]],
  ["a name that goes on", PRESENT, ["Sec-WebSocket-Protocol: openai-beta.realtime-v12"]],
  ["another case", PRESENT, ["Sec-WebSocket-Protocol: OpenAI-Beta.realtime-v1"]],
  ["the header, although it is opened", PRESENT, ["OpenAI-Beta: realtime=v1"]],
])("the session that the gateway sets has the form of the API: %s", async (_, cap, headers) => {
  const sw = { ...SW, allow: ["beta", "header:openai-beta"] };
  const { client, own } = await openSession(sw, headers);
  expect(Object.keys(own["session"] as object)).toContain(cap);
  expect(upstream.handshakes.at(-1)!.all("openai-beta")).toEqual([]);
  client.socket.destroy();
});

test("a rule that injects the header asks for the beta form", async () => {
  const { client, own } = await injecting.openSession();
  expect(Object.keys(own["session"] as object)).toContain(BETA);
  client.socket.destroy();
});
