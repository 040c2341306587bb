import { afterAll, describe, expect, test } from "bun:test";
import { chunk, respond, type Step } from "../../../support/raw_upstream.ts";
import { headOf, JSON_TYPE, readAll, settledIn, Stages, WHOLE } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const NO_BUDGET = { uses: [1, 0] };
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
