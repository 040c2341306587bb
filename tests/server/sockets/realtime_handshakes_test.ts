import { expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { QUERY, realtimeStage, SW } from "./realtime_stage.ts";

const { gateway, upstream, pathTo } = await realtimeStage();

test.each<[what: string, sw: object, rest: string, code: string]>([
  ["another model", SW, "?model=gpt-4o-realtime", "model_not_granted"],
  ["a model in another case", SW, "?model=GPT-realtime", "model_not_granted"],
  ["a model with an escape that changes it", SW, "?model=gpt-realtime%2Fx", "model_not_granted"],
  ["two models", SW, "?model=gpt-realtime&model=gpt-5", "policy_violation"],
  ["no model", SW, "", "policy_violation"],
  ["a call of somebody", SW, "?call_id=rtc_1", "policy_violation"],
  ["a model and a call", SW, "?model=gpt-realtime&call_id=rtc_1", "policy_violation"],
  ["another intent", SW, "?model=gpt-realtime&intent=transcription", "policy_violation"],
  ["a parameter with an escape", SW, "?mod%65l=gpt-realtime", "policy_violation"],
  ["another path", SW, `/x${QUERY}`, "websocket_not_granted"],
  ["a path in another case", SW, `/../Realtime${QUERY}`, "websocket_not_granted"],
  ["a rule for bodies", { body: { schema: {} } }, QUERY, "websocket_not_granted"],
])("a handshake with %s is refused", async (_, sw, rest, code) => {
  const count = upstream.handshakes.length;
  const now = Math.floor(Date.now() / 1000);
  const claims = { jti: crypto.randomUUID(), iat: now };
  const authorization = `Authorization: Bearer ${granting(sw, { claims })}`;
  const response = await (await sendHandshake(gateway, pathTo(rest), [authorization])).response();
  expect([response.status, problemOf(response)["code"]]).toEqual([403, code]);
  expect(upstream.handshakes.length).toBe(count);
});
