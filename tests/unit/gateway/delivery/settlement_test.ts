import { afterAll, describe, expect, test } from "bun:test";
import { startFullListener } from "../../../support/full_listener.ts";
import { chunk, FIN, respond, RST, type Step } from "../../../support/raw_upstream.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { type CountedGateway, costOf } from "./counted_gateway.ts";
import {
  ANSWER,
  EVENT,
  EVENTS,
  headOf,
  LAST_EVENTS,
  REPORTED,
  settledIn,
  SlowStore,
  Stages,
  USAGE,
  WHOLE,
} from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const JSON_TYPE = ["Content-Type: application/json"];
const NO_BUDGET = { uses: [1, 0] };
const NOTHING = {};
const OWN = '{"error":{"message":"no","type":"invalid_request_error"}}';

const VIOLATION = "ResponsibleAIPolicyViolation";
/** Errors for which Azure bills the prompt. */
const FILTERED = [
  { code: "content_filter", status: 400, innererror: { code: VIOLATION } },
  { code: "content_filter" },
  { code: "contentFilter" },
  { code: "CONTENT_FILTER" },
  { code: VIOLATION },
  { code: null, innererror: { code: VIOLATION } },
  { code: "BadRequest", innererror: { code: VIOLATION.toLowerCase() } },
  { code: "content_policy_violation", inner_error: { code: VIOLATION } },
  { code: null, type: "content_filter" },
  { code: "BadRequest", innererror: { code: "Other", innererror: { code: VIOLATION } } },
];

async function readAll(gateway: CountedGateway, init: RequestInit = {}): Promise<string> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "POST", ...init });
  return response.text();
}

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

describe("an error of the upstream is charged", () => {
  const STATUSES = [
    "400 B",
    "401 U",
    "403 F",
    "404 N",
    "413 L",
    "429 T",
    "500 I",
    "502 G",
    "503 S",
  ];
  const rows: [string, Step[], Record<string, unknown>][] = [
    ...[...STATUSES, "529 O"].map((status): [string, Step[], Record<string, unknown>] => [
      `nothing of tokens: ${status} in its own form`,
      [respond(OWN, { status, headers: JSON_TYPE })],
      NO_BUDGET,
    ]),
    ...["408 R", "499 C", "504 G", "520 U", "524 T", "598 T"].map(
      (status): [string, Step[], Record<string, unknown>] => [
        `all: ${status} in its own form`,
        [respond(OWN, { status, headers: JSON_TYPE })],
        WHOLE,
      ],
    ),
  ];
  rows.push([
    "nothing of tokens: 400 with an error text",
    [respond('{"code":"invalid","error":"no"}', { status: "400 B", headers: JSON_TYPE })],
    NO_BUDGET,
  ]);
  const BODIES: [string, string, Record<string, unknown>][] = [
    ["an object with an error text", '{"error":"no"}', WHOLE],
    ["the only element of a list", `[${OWN}]`, NO_BUDGET],
    [
      "an object with more",
      `{"type":"error","error":{"message":"no"},"request_id":"1"}`,
      NO_BUDGET,
    ],
    ["an error without a message", `{"type":"error","error":{}}`, WHOLE],
    ["an error that is false", '{"error":false}', WHOLE],
    ["an answer with an error", `${OWN.slice(0, -1)},"choices":[{}]}`, WHOLE],
    ["an error with its usage", `${OWN.slice(0, -1)},"usage":{"total_tokens":110}}`, WHOLE],
    ["an error without usage", `${OWN.slice(0, -1)},"usage":null}`, NO_BUDGET],
    ["two elements of a list", `[${OWN},${OWN}]`, WHOLE],
    ["an object without an error", '{"message":"no"}', WHOLE],
    ["an object whose error is null", '{"error":null}', WHOLE],
    ["a page", "<html>Bad Gateway</html>", WHOLE],
    ["a text", '"error"', WHOLE],
    ["nothing", "", WHOLE],
    ["half of an object", OWN.slice(0, -1), WHOLE],
    ["an error that is too long", OWN.padEnd(100_000), WHOLE],
    ...FILTERED.map((error): [string, string, Record<string, unknown>] => {
      const body = JSON.stringify({ error: { message: "no", ...error } });
      return [`an error of a content filter, ${body}`, body, WHOLE];
    }),
    [
      "an error of another code",
      '{"error":{"message":"no","code":"content_too_long","innererror":{"code":"Other"}}}',
      NO_BUDGET,
    ],
  ];
  for (const [name, body, expected] of BODIES) {
    rows.push(
      [`500 with ${name}`, [respond(body, { status: "500 I", headers: JSON_TYPE })], expected],
      [
        `500 with ${name}, in pieces`,
        [headOf("application/json", "500 I") + (body && chunk(body)) + chunk("")],
        expected,
      ],
    );
  }

  test.each(rows)("%s", async (_, steps, expected) => {
    const { gateway } = await stages.start(steps);
    await readAll(gateway);
    await gateway.ended();
    expect(settledIn(gateway)).toEqual(expected);
  });

  test("nothing of tokens, though the client does not get it", async () => {
    const body = respond(OWN, { status: "401 U", headers: JSON_TYPE });
    const { gateway } = await stages.start([body], {
      rule: { headers: [["Authorization", "Bearer key"]] },
      grant: { token: "a-token" },
    });
    expect(JSON.parse(await readAll(gateway))).toMatchObject({ code: "credential_refused" });
    expect(settledIn(gateway)).toEqual(NO_BUDGET);
  });

  test("all, when the body of one that the client does not get does not come", async () => {
    const { gateway } = await stages.start([headOf("application/json", "401 U") + chunk("{")], {
      rule: { headers: [["Authorization", "Bearer key"]] },
      grant: { token: "a-token" },
    });
    expect(JSON.parse(await readAll(gateway))).toMatchObject({ code: "credential_refused" });
    expect(settledIn(gateway)).toEqual(WHOLE);
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
