import { describe, expect, test } from "bun:test";
import { outcomeOf, SECRET, signedRequest, withParameter } from "../draft.ts";

const REQUEST = signedRequest();
const GOOD = /X-Sw-Signature=(\w+)/.exec(REQUEST.query)?.[1] ?? "";

const withSignature = (digits: string) =>
  outcomeOf(withParameter(REQUEST, "X-Sw-Signature", () => digits));

test("the untouched signature is accepted", async () => {
  expect(GOOD).toHaveLength(64);
  expect(await withSignature(GOOD)).toBe("accepted");
});

describe("a changed digit is refused", () => {
  test.each(Array.from({ length: 64 }, (_, at) => [at]))("digit %i", async (at) => {
    for (const digit of "0123456789abcdef") {
      if (digit === GOOD[at]) continue;
      const changed = GOOD.slice(0, at) + digit + GOOD.slice(at + 1);
      expect([changed, await withSignature(changed)]).toEqual([changed, "signature_mismatch"]);
    }
  });
});

describe("a signature other than 64 lower-case hex digits is refused before any secret is looked up", () => {
  const upper = GOOD.toUpperCase();
  const base64 = Buffer.from(GOOD, "hex").toString("base64");
  test.each([
    ["upper case", upper],
    ["one upper-case digit", GOOD.replace(/[a-f]/, (digit) => digit.toUpperCase())],
    ["one digit", GOOD.slice(0, 1)],
    ["32 digits", GOOD.slice(0, 32)],
    ["62 digits", GOOD.slice(0, 62)],
    ["63 digits", GOOD.slice(0, 63)],
    ["65 digits", `${GOOD}0`],
    ["66 digits", `${GOOD}00`],
    ["128 digits", GOOD + GOOD],
    ["a letter beyond f", `${GOOD.slice(0, 62)}zz`],
    ["an encoded newline at the end", `${GOOD}%0A`],
    ["a newline at the end", `${GOOD}\n`],
    ["an encoded newline in place of a digit", `${GOOD.slice(0, 63)}%0A`],
    ["a blank before", `+${GOOD}`],
    ["a blank after", `${GOOD}%20`],
    ["0x before", `0x${GOOD}`],
    ["colons between", GOOD.replace(/..(?=.)/g, "$&:")],
    ["an encoded digit", `%${GOOD.charCodeAt(0).toString(16)}${GOOD.slice(1)}`],
    ["a NUL at the end", `${GOOD}%00`],
    ["full-width digits", encodeURIComponent(fullWidth(GOOD))],
    ["base64", encodeURIComponent(base64)],
    ["base64 without padding", base64.replaceAll("=", "")],
    ["64 letters that are no digits", "u".repeat(64)],
  ])("%s", async (_, digits) => {
    const request = withParameter(REQUEST, "X-Sw-Signature", () => digits);
    const findSecrets = () => {
      throw new Error("no secret is needed to refuse this");
    };
    expect(await outcomeOf(request, { findSecrets })).toBe("parameter_malformed");
  });
});

describe("a signature that is right for another request is refused", () => {
  const others = {
    "of another app": signedRequest({ parameters: { "X-Sw-Credential": "other/20261122" } }),
    "with another app's secret": signedRequest({ secret: "another secret of another app" }),
    "of another target": signedRequest({
      parameters: { "X-Sw-Proxy": "https://api.example.com/" },
    }),
    "of another second": signedRequest({ parameters: { "X-Sw-Date": "20261122T090806Z" } }),
    "of another method": signedRequest({ method: "POST" }),
    "of another path": signedRequest({ path: "/signway/" }),
    "with the scope as the secret": signedRequest({ secret: "20261122" }),
  };
  test.each(Object.entries(others))("%s", async (_, other) => {
    const digits = /X-Sw-Signature=(\w+)/.exec(other.query)?.[1] ?? "";
    expect(
      await outcomeOf(other, {
        findSecrets: () => [SECRET, "20261122", "another secret of another app"],
      }),
    ).toBe("accepted");
    expect(await withSignature(digits)).toBe("signature_mismatch");
  });
});

test.each(["", " "])("a blank secret verifies nothing: %j", async (secret) => {
  const findSecrets = () => [secret];
  expect(await outcomeOf(signedRequest({ secret }), { findSecrets })).toBe("signature_mismatch");
});

function fullWidth(text: string): string {
  return text.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
}
