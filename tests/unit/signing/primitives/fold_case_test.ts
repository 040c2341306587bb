import { describe, expect, test } from "bun:test";
import { foldCase, isFolded } from "../../../../lib/signing/primitives/fold_case.ts";

/** Every code point that changes with case, in one direction or the other. */
const CASED = Array.from({ length: 0x110000 }, (_, code) => code)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((letter) => letter.toLowerCase() !== letter || letter.toUpperCase() !== letter);

test("foldCase folds as Unicode's simple case folding does, which regular expressions use", () => {
  const all = CASED.join("");
  expect(CASED.length).toBeGreaterThan(2_700);
  const byFolding = Map.groupBy(CASED, foldCase);
  for (const letter of CASED) {
    const escaped = `\\u{${letter.codePointAt(0)!.toString(16)}}`;
    const equal = all.match(new RegExp(escaped, "giu")) ?? [];
    expect([letter, byFolding.get(foldCase(letter))?.join("")]).toEqual([letter, equal.join("")]);
  }
});

describe("foldCase", () => {
  test.each([
    ["", ""],
    ["max_tokens", "max_tokens"],
    ["Max_Tokens", "max_tokens"],
    ["\u212aEY", "key"],
    ["STRA\u00dfE", "stra\u00dfe"],
    ["\u0130\u0131", "\u0130\u0131"],
    ["\u{1f511}X", "\u{1f511}x"],
  ])("%j", (text, folded) => {
    expect(foldCase(text)).toBe(folded);
    expect(foldCase(folded)).toBe(folded);
    expect(isFolded(text) && foldCase(text) !== text).toBe(false);
  });
});
