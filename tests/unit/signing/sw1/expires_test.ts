import { describe, expect, test } from "bun:test";
import { outcomeOf, signedRequest } from "../draft.ts";

const expiring = (text: string) => signedRequest({ parameters: { "X-Sw-Expires": text } });

describe("an expiry that is not plain decimal digits is refused, though signed", () => {
  test.each([
    "-1",
    "-0",
    "+60",
    " 60",
    "60 ",
    "6 0",
    "\t60",
    "60\n",
    "60.5",
    "60.0",
    "60,0",
    "1e3",
    "1E3",
    "0x3c",
    "0b11",
    "0o17",
    "1_000",
    "060",
    "00",
    "",
    " ",
    "NaN",
    "Infinity",
    "null",
    "true",
    "60junk",
    "60s",
    "60;61",
    "60&61",
    "60\0",
    "٦٠",
    "６０",
    "²",
    "60n",
  ])("%j", async (text) => {
    expect(await outcomeOf(expiring(text))).toBe("expires_malformed");
  });
});

describe("an expiry beyond the maximum is refused, though signed", () => {
  test.each([
    ["the maximum + 1", "604801", {}],
    ["2^31", String(2 ** 31), {}],
    ["2^32 + 60, which wraps to 60 in 32 bits", String(2 ** 32 + 60), {}],
    ["2^53", String(2 ** 53), {}],
    ["2^64 + 60, which wraps to 60 in 64 bits", "18446744073709551676", {}],
    ["10^30", `1${"0".repeat(30)}`, {}],
    ["10^400, more than a number holds", `1${"0".repeat(400)}`, {}],
    ["the operator's maximum + 1", "61", { maxExpires: 60 }],
    ["one second where none is allowed", "1", { maxExpires: 0 }],
  ])("%s", async (_, text, options) => {
    expect(await outcomeOf(expiring(text), options)).toBe("expires_too_long");
  });
});

describe("an expiry up to the maximum is accepted", () => {
  test.each([
    ["nothing", "0", {}],
    ["a second", "1", {}],
    ["a week", "604800", {}],
    ["the operator's maximum", "60", { maxExpires: 60 }],
    ["a longer one of the operator's", "604801", { maxExpires: 700_000 }],
  ])("%s", async (_, text, options) => {
    expect(await outcomeOf(expiring(text), options)).toBe("accepted");
  });
});
