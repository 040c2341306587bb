import { describe, expect, test } from "bun:test";
import { verifyUrl } from "../../../../lib/signing/verify.ts";
import { outcomeOf, SECRET, SIGNED_AT, signedRequest } from "../draft.ts";

const SKEW = 300;

describe.each([0, 1, 60, 604_800])("a URL that is signed for %i seconds", (expires) => {
  const request = signedRequest({ parameters: { "X-Sw-Expires": String(expires) } });
  test.each([
    ["a day before the date", -86_400, "date_in_future"],
    ["at date - skew - 1", -SKEW - 1, "date_in_future"],
    ["a millisecond before date - skew", -SKEW - 0.001, "date_in_future"],
    ["at date - skew", -SKEW, "accepted"],
    ["at date - 1", -1, "accepted"],
    ["at the date", 0, "accepted"],
    ["at date + expires", expires, "accepted"],
    ["a millisecond after date + expires", expires + 0.001, "expired"],
    ["at date + expires + 1", expires + 1, "expired"],
    ["at date + expires + skew", expires + SKEW, "expired"],
    ["a year later", 365 * 86_400, "expired"],
  ])("%s", async (_, seconds, expected) => {
    const now = () => SIGNED_AT + seconds * 1000;
    expect(await outcomeOf(request, { now, clockSkew: SKEW })).toBe(expected);
  });
});

describe("the skew is the operator's", () => {
  test.each([
    [0, 0, "accepted"],
    [0, -0.001, "date_in_future"],
    [1, -1, "accepted"],
    [1, -1.001, "date_in_future"],
    [3600, -3600, "accepted"],
    [3600, 60, "accepted"],
    [3600, 61, "expired"],
  ])("skew %i, clock at date %d s", async (clockSkew, seconds, expected) => {
    const now = () => SIGNED_AT + seconds * 1000;
    expect(await outcomeOf(signedRequest(), { now, clockSkew })).toBe(expected);
  });
});

test("a refusal has the times that it compared, in milliseconds", async () => {
  for (const seconds of [-SKEW - 1, 61]) {
    const now = SIGNED_AT + seconds * 1000;
    const options = { now: () => now, clockSkew: SKEW, findSecrets: () => [SECRET] };
    const request = { ...signedRequest(), readBody: () => Promise.reject() };
    const error = await verifyUrl(request, options).catch((it: unknown) => it);
    const times = { signedAt: SIGNED_AT, expiredAt: SIGNED_AT + 60_000, now };
    expect(error).toMatchObject({ details: { times } });
  }
});

test("a clock that is not a number lets nothing in", async () => {
  expect(await outcomeOf(signedRequest(), { now: () => NaN })).not.toBe("accepted");
});

test("the clock is looked at on each call", async () => {
  let seconds = 0;
  const options = { now: () => SIGNED_AT + seconds * 1000 };
  expect(await outcomeOf(signedRequest(), options)).toBe("accepted");
  seconds = 61;
  expect(await outcomeOf(signedRequest(), options)).toBe("expired");
});

test("without a clock of the caller's, it is this machine's", async () => {
  const date = new Date().toISOString().slice(0, 19).replace(/[-:]/g, "") + "Z";
  const parameters = { "X-Sw-Date": date, "X-Sw-Credential": `my-id/${date.slice(0, 8)}` };
  const request = { ...signedRequest({ parameters }), readBody: () => Promise.reject() };
  const { id } = await verifyUrl(request, { findSecrets: () => [SECRET] });
  expect(id).toBe("my-id");
});
