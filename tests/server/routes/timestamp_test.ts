import { afterAll, describe, expect, test } from "bun:test";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { DENIED, headerSignature, SIGNED } from "../../support/header_signature.ts";

const MAX_AGE = 120;
const CLOCK_SKEW = 60;
const FIELDS = ["path", "method", "HTTP_X_TIMESTAMP"];

const upstream = await startUpstream([respond("ok")]);
const signature = { ...SIGNED, fields: FIELDS, delimiter: "\n" };
const gateway = await startConfigured({
  clock_skew: CLOCK_SKEW,
  route: [
    {
      path: "/window/",
      upstream: upstream.url,
      signature: { ...signature, max_age: MAX_AGE, timestamp_field: "HTTP_X_TIMESTAMP" },
    },
    {
      path: "/now/",
      upstream: upstream.url,
      signature: { ...signature, max_age: 0, timestamp_field: "HTTP_X_TIMESTAMP" },
    },
    { path: "/any/", upstream: upstream.url, signature },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const now = () => Date.now() / 1000;
const seconds = (offset: number) => () => String(Math.floor(now() + offset));
const moment = (offset: number) => new Date((now() + offset) * 1000).toISOString();

/** Sends a request whose timestamp is signed, unless another is signed. */
async function outcomeOf(
  timestamp: string | undefined,
  { path = "/window/", signed = timestamp ?? "" } = {},
): Promise<unknown> {
  const before = upstream.requests.length;
  const response = await plainExchange(gateway, "GET", path, {
    headers: [
      `Signature: ${headerSignature([path, "GET", signed], { delimiter: "\n" })}`,
      ...(timestamp === undefined ? [] : [`X-Timestamp: ${timestamp}`]),
    ],
  });
  if (response.status === 200) return "accepted";
  expect(problemOf(response)).toMatchObject(DENIED);
  expect(upstream.requests).toHaveLength(before);
  return "denied";
}

// The bounds are a while away from the limits: a slow machine must not decide.
describe("the timestamp's age", () => {
  test.each([
    ["now", seconds(0), "accepted"],
    ["a minute ago", seconds(-MAX_AGE / 2), "accepted"],
    ["shortly before it is too old", seconds(-MAX_AGE + 30), "accepted"],
    ["too old", seconds(-MAX_AGE - 2), "denied"],
    ["an hour ago", seconds(-3600), "denied"],
    ["at the beginning of time", () => "0", "denied"],
    ["ahead, within the skew", seconds(CLOCK_SKEW - 30), "accepted"],
    ["ahead, beyond the skew", seconds(CLOCK_SKEW + 30), "denied"],
    ["an hour ahead", seconds(3600), "denied"],
    ["at the end of time", () => "999999999999", "denied"],
  ])("%s", async (_, timestamp, outcome) => {
    expect(await outcomeOf(timestamp())).toBe(outcome);
  });
});

describe("the timestamp's form", () => {
  test.each([
    ["whole seconds", () => seconds(0)(), "accepted"],
    ["with a fraction", () => now().toFixed(3), "accepted"],
    ["a moment in UTC", () => moment(0), "accepted"],
    ["a moment without a fraction", () => moment(0).replace(/\.\d+/, ""), "accepted"],
    ["a moment with an offset", () => moment(7200).replace(/\.\d+Z/, "+02:00"), "accepted"],
    ["a moment too old", () => moment(-MAX_AGE - 2), "denied"],
    ["an offset that makes it too old", () => moment(0).replace(/\.\d+Z/, "+02:00"), "denied"],
    ["milliseconds", () => String(Date.now()), "denied"],
    ["a moment without a zone", () => moment(0).replace("Z", ""), "denied"],
    ["a moment with a blank", () => moment(0).replace("T", " "), "denied"],
    ["a date alone", () => moment(0).slice(0, 10), "denied"],
    ["a date of HTTP", () => new Date().toUTCString(), "denied"],
    ["a negative number", () => `-${seconds(0)()}`, "denied"],
    ["a sign before it", () => `+${seconds(0)()}`, "denied"],
    ["an exponent", () => "17e8", "denied"],
    ["hex", () => `0x${Math.floor(now()).toString(16)}`, "denied"],
    ["digits of another script", () => "१७९५३२६७२३", "denied"],
    ["a word", () => "now", "denied"],
    ["not a number", () => "NaN", "denied"],
    ["no end", () => "Infinity", "denied"],
    ["two of them", () => `${seconds(0)()}, ${seconds(0)()}`, "denied"],
    ["a unit", () => `${seconds(0)()}s`, "denied"],
    ["nothing but a dot", () => ".", "denied"],
  ])("%s", async (_, timestamp, outcome) => {
    expect(await outcomeOf(timestamp())).toBe(outcome);
  });

  test("an empty one is denied", async () => expect(await outcomeOf("")).toBe("denied"));
  test("none is denied", async () => expect(await outcomeOf(undefined)).toBe("denied"));
});

describe("the timestamp is signed", () => {
  test.each([
    ["a fresh one in place of the signed one", seconds(0), seconds(-10)],
    ["a fresh one where none was signed", seconds(0), () => ""],
    ["another spelling of the same moment", () => `${seconds(0)()}.0`, seconds(0)],
  ])("%s is denied", async (_, sent, signed) => {
    expect(await outcomeOf(sent(), { signed: signed() })).toBe("denied");
  });

  test("a second header beside the signed one is denied", async () => {
    const timestamp = seconds(0)();
    const response = await plainExchange(gateway, "GET", "/window/", {
      headers: [
        `Signature: ${headerSignature(["/window/", "GET", timestamp], { delimiter: "\n" })}`,
        `X-Timestamp: ${timestamp}`,
        `X-Timestamp: ${timestamp}`,
      ],
    });
    expect(problemOf(response)).toMatchObject(DENIED);
  });
});

describe("other routes", () => {
  test("an age of 0 denies what is older", async () => {
    expect(await outcomeOf(seconds(-2)(), { path: "/now/" })).toBe("denied");
    expect(await outcomeOf(seconds(20)(), { path: "/now/" })).toBe("accepted");
  });

  test.each(["0", "now", "99999999999"])(
    "without a window %s is a field like others",
    async (t) => {
      expect(await outcomeOf(t, { path: "/any/" })).toBe("accepted");
    },
  );
});
