import { expect, test } from "bun:test";
import { granting } from "../../support/minted.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { QUERY, realtimeStage, SW } from "./realtime_stage.ts";

const { gateway, upstream, pathTo } = await realtimeStage();

test.each<[what: string, sw: object, rest: string, status: number, code: string]>([
  ["another model", SW, "?model=gpt-4o-realtime", 403, "model_not_granted"],
  ["a model in another case", SW, "?model=GPT-realtime", 403, "model_not_granted"],
  [
    "a model with an escape that changes it",
    SW,
    "?model=gpt-realtime%2Fx",
    403,
    "model_not_granted",
  ],
  ["two models", SW, "?model=gpt-realtime&model=gpt-5", 403, "policy_violation"],
  ["no model", SW, "", 403, "policy_violation"],
  ["a call of somebody", SW, "?call_id=rtc_1", 403, "policy_violation"],
  ["a model and a call", SW, "?model=gpt-realtime&call_id=rtc_1", 403, "policy_violation"],
  ["another intent", SW, "?model=gpt-realtime&intent=transcription", 403, "policy_violation"],
  ["a parameter with an escape", SW, "?mod%65l=gpt-realtime", 403, "policy_violation"],
  ["another path", SW, `/x${QUERY}`, 403, "websocket_not_granted"],
  ["a path in another case", SW, `/../Realtime${QUERY}`, 403, "target_not_allowed"],
  ["a rule for bodies", { body: { schema: {} } }, QUERY, 403, "websocket_not_granted"],
])("a handshake with %s is refused", async (_, sw, rest, status, code) => {
  const count = upstream.handshakes.length;
  const now = Math.floor(Date.now() / 1000);
  const claims = { jti: crypto.randomUUID(), iat: now };
  const authorization = `Authorization: Bearer ${granting(sw, { claims })}`;
  const response = await (await sendHandshake(gateway, pathTo(rest), [authorization])).response();
  if (code !== "target_not_allowed") {
    expect([response.status, problemOf(response)["code"]]).toEqual([status, code]);
  }
  expect(response.status).toBeGreaterThanOrEqual(400);
  expect(upstream.handshakes.length).toBe(count);
});
