import { afterAll, describe, expect, test } from "bun:test";
import type { Endable } from "../../../../lib/gateway/problem/endable.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { connect } from "../../../support/raw_client.ts";
import { chunk, respond } from "../../../support/raw_upstream.ts";
import { requestBytes } from "../../../support/signed.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { EVENTS, received, settledIn, Stages } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

test("of an exchange that ends while its body arrives nothing is sent, and all is given back", async () => {
  const ends: Endable[] = [];
  const opened = { endWith: (end: Endable) => void ends.push(end) };
  const { gateway, upstream } = await stages.start([respond("{}")], { opened });
  using client = await connect(Number(new URL(gateway.url).port));
  const bytes = requestBytes("POST", "/v1/chat/completions", { body: "{}" });
  await client.write(bytes.subarray(0, -1));
  await waitFor("the reservation", () => ends[0]);
  ends[0]!.end(new GatewayError("token_revoked", "a test"));
  await client.write(bytes.subarray(-1));
  const { status } = await client.response("POST");
  expect(status).toBe(401);
  expect(await gateway.ended()).toMatchObject({ code: "token_revoked" });
  expect(upstream.requests).toEqual([]);
  expect(settledIn(gateway)).toEqual({});
});

describe("a response with a reservation", () => {
  test.each(["600 Odd", "999 Odd"])("is refused with the status %s", async (status) => {
    const steps = [`HTTP/1.1 ${status}\r\nContent-Length: 100\r\n\r\nx`, 60_000];
    const { gateway } = await stages.start(steps);
    expect(await received(gateway)).toMatchObject({ status: 502 });
    expect(await gateway.ended()).toMatchObject({ code: "upstream_broken", status: 502 });
    expect(gateway.errors).toEqual([]);
    expect(gateway.transfers[0]!.cancel.signal.aborted).toBe(true);
  });

  test("is refused with an invalid status where only its body would be edited", async () => {
    const response = { edit: (document: never) => document } as never;
    const { gateway } = await stages.start(["HTTP/1.1 999 Odd\r\nContent-Length: 1\r\n\r\nx"], {
      isUncounted: true,
      checked: { usage: undefined, response } as never,
    });
    expect(await received(gateway)).toMatchObject({ status: 502 });
    expect(gateway.transfers[0]!.settlement).toBeUndefined();
    expect(gateway.errors).toEqual([]);
  });

  test.each([0, 15])("has its status in the record, even without events: %i s", async (seconds) => {
    const { gateway } = await stages.start([EVENTS, chunk("")], {
      delivery: { sseHeartbeat: seconds },
    });
    expect(await received(gateway)).toMatchObject({ status: 200, body: "", isWhole: true });
    expect(await gateway.ended()).toMatchObject({ status: 200, outcome: "complete" });
  });
});
