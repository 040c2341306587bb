import { describe, expect, test } from "bun:test";
import { fromBase64Url } from "../../../../lib/signing/primitives/from_base64url.ts";
import { toBase64, toBase64Url } from "../../../../lib/signing/primitives/to_base64.ts";
import { createRandom } from "../../../support/random.ts";

test("bytes of every length are encoded as Node encodes them, and decoded again", () => {
  const random = createRandom(1);
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, () => random.below(256));
    expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString("base64"));
    expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
    expect(fromBase64Url(toBase64Url(bytes))).toEqual(bytes);
  }
});

describe("fromBase64Url refuses", () => {
  test.each([
    "A",
    "AAAAA",
    "AA==",
    "AA=",
    "AA ",
    " AA",
    "A\nA",
    "A+AA",
    "A/AA",
    "AB",
    "AAB",
    "\u00e9A",
    "A.AA",
  ])("%j", (text) => expect(fromBase64Url(text)).toBeUndefined());
});

test("of all texts of up to three characters, each that is decoded is the one that is encoded", () => {
  const characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".split("");
  const texts = characters.flatMap((a) => characters.flatMap((b) => [a + b, `A${a}${b}`]));
  const decoded = texts.filter((text) => fromBase64Url(text));
  expect(decoded.map((text) => toBase64Url(fromBase64Url(text)!))).toEqual(decoded);
  expect(decoded).toHaveLength(64 * 4 + 64 * 16);
});
