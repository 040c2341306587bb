import { afterAll, describe, expect, test } from "bun:test";
import { startFullListener } from "../../../support/full_listener.ts";
import { chunk, FIN, respond, RST, type Step } from "../../../support/raw_upstream.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { costOf } from "./counted_gateway.ts";
import {
  ANSWER,
  EVENT,
  EVENTS,
  headOf,
  JSON_TYPE,
  LAST_EVENTS,
  readAll,
  REPORTED,
  settledIn,
  SlowStore,
  Stages,
  USAGE,
  WHOLE,
} from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const NOTHING = {};

describe("an exchange that its client follows to the end is charged", () => {
  test.each<[string, Step[], Record<string, unknown>]>([
    ["what a body of JSON reports", [respond(ANSWER, { headers: JSON_TYPE })], REPORTED],
    [
      "what a body of JSON in pieces reports",
      [
        headOf("application/json"),
        chunk(ANSWER.slice(0, 20)),
        20,
        chunk(ANSWER.slice(20)) + chunk(""),
      ],
      REPORTED,
    ],
    [
      "what a long body of JSON reports",
      [respond(ANSWER.padEnd(200_000), { headers: JSON_TYPE })],
      REPORTED,
    ],
    ["what events report", [EVENTS + chunk(EVENT), chunk(LAST_EVENTS), chunk("")], REPORTED],
    [
      "what events report, though the upstream breaks off behind them",
      [EVENTS + chunk(EVENT), chunk(LAST_EVENTS), 300, FIN],
      REPORTED,
    ],
    ["all, when no usage is reported", [EVENTS + chunk(EVENT), chunk("")], WHOLE],
    ["all, when events break off", [EVENTS + chunk(EVENT), 20, FIN], WHOLE],
    [
      "all, when a short body breaks off",
      [`HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${ANSWER.slice(0, 20)}`, FIN],
      WHOLE,
    ],
    ["all, when the upstream closes before the head", [FIN], WHOLE],
    ["all, when the upstream resets before the head", [RST], WHOLE],
    ["all, when the head is no HTTP", ["SSH-2.0-OpenSSH\r\n\r\n", FIN], WHOLE],
    ["all, when there is no body", ["HTTP/1.1 204 No Content\r\n\r\n"], WHOLE],
    [
      "all, for a redirect",
      [respond("", { status: "307 Temporary Redirect", headers: ["Location: /x"] })],
      WHOLE,
    ],
  ])("%s", async (_, steps, expected) => {
    const { gateway } = await stages.start(steps);
    await readAll(gateway, { redirect: "manual" }).catch(() => "broken");
    await gateway.ended();
    expect(settledIn(gateway)).toEqual(expected);
    expect(gateway.errors).toEqual([]);
  });
});

describe("what was not sent is given back:", () => {
  test.each([
    ["a connection is refused", "http://127.0.0.1:1"],
    ["a name is not resolved", "http://name.invalid"],
  ])("%s", async (_, upstream) => {
    const gateway = stages.startAlone(upstream);
    expect(JSON.parse(await readAll(gateway))).toMatchObject({ code: "upstream_unreachable" });
    expect(settledIn(gateway)).toEqual(NOTHING);
  });

  test("the client leaves while the reservation is made", async () => {
    const noticed = Promise.withResolvers<void>();
    const store = new SlowStore(() => noticed.promise);
    const { gateway, upstream } = await stages.start([respond(ANSWER)], { store });
    const client = new AbortController();
    const reading = readAll(gateway, { signal: client.signal });
    const request = await waitFor("the request", () => gateway.requests[0]);
    client.abort();
    await expect(reading).rejects.toThrow();
    await waitFor("the gateway to notice", () => request.signal.aborted);
    noticed.resolve();
    expect(await gateway.ended()).toMatchObject({ outcome: "client_gone", status: 499 });
    await waitFor("the release", () => Object.keys(settledIn(gateway)).length === 0);
    expect([upstream.connections.length, gateway.errors]).toEqual([0, []]);
  });

  test("no connection is made in time", async () => {
    await using listener = await startFullListener();
    const gateway = stages.startAlone(listener.url);
    expect(JSON.parse(await readAll(gateway))).toMatchObject({ code: "upstream_timeout" });
    expect(settledIn(gateway)).toEqual(NOTHING);
  });

  test("but not when a connection was made, and then no other", async () => {
    await using listener = await startFullListener([60]);
    const gateway = stages.startAlone(listener.url);
    expect(JSON.parse(await readAll(gateway))).toMatchObject({ code: "upstream_timeout" });
    expect(settledIn(gateway)).toEqual(WHOLE);
  });

  test("a body that is too large", async () => {
    const { gateway } = await stages.start([respond(ANSWER)], { rule: { maxBody: 3 } });
    expect(JSON.parse(await readAll(gateway, { body: "long" }))).toMatchObject({
      code: "body_too_large",
    });
    expect(settledIn(gateway)).toEqual(NOTHING);
  });
});

test("without a reservation the usage is recorded all the same", async () => {
  const { gateway } = await stages.start([respond(ANSWER, { headers: JSON_TYPE })], {
    isUncounted: true,
  });
  expect(await readAll(gateway)).toBe(ANSWER);
  expect(await gateway.ended()).toMatchObject({
    inputTokens: USAGE.input,
    outputTokens: USAGE.output,
    costUsd: costOf(USAGE) / 1e9,
  });
  expect(gateway.amounts()).toEqual({});
});

test("what is edited out of the client's body is read all the same", async () => {
  const { gateway } = await stages.start([respond(ANSWER, { headers: JSON_TYPE })], {
    checked: { response: { marker: "usage", edit: () => ({ text: "edited" }) } },
  });
  expect(await readAll(gateway)).toBe('{"text":"edited"}');
  await gateway.ended();
  expect(settledIn(gateway)).toEqual(REPORTED);
});
