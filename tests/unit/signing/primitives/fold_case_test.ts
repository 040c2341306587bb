import { describe, expect, test } from "bun:test";
import { foldCase, isFolded } from "../../../../lib/signing/primitives/fold_case.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";

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

test("letters that are folded to the same have the same length", () => {
  const lengths = [...Map.groupBy(CASED, foldCase).values()].map((letters) =>
    letters.map((it) => it.length),
  );
  expect(lengths.filter(([first, ...others]) => others.some((length) => length !== first))).toEqual(
    [],
  );
});

describe("foldCase", () => {
  test.each([
    ["", ""],
    ["max_tokens", "Max_Tokens"],
    ["key", "\u212aEY"],
    ["stra\u00dfe", "STRA\u1e9eE"],
    ["\u03c3\u03c3\u03c2", "\u03a3\u03a3\u03a3"],
    ["\u{1f511}x\u0130", "\u{1f511}X\u0130"],
    ["\ufb01\u03b0s", "\ufb01\u1fe3\u017f"],
  ])("makes %j and %j the same", (text, other) => {
    expect(foldCase(text)).toBe(foldCase(other));
    if (isFolded(text)) expect(foldCase(text)).toBe(text);
  });

  test.each([
    ["a", "b"],
    ["i", "\u0131"],
    ["i", "\u0130"],
    ["i\u0307", "\u0130"],
    ["stra\u00dfe", "STRASSE"],
    ["\ufb01ss", "fi\u00df"],
    ["a\u00df", "\u00dfa"],
    ["\u00df", "\0\u00df"],
    ["\u00df\0", "\0\u00df"],
    ["\u00dfa\u00df", "\u00df\u00dfa"],
    ["\u00df\u{10400}", "\u{10400}\u00df"],
  ])("does not make %j and %j the same", (text, other) => {
    expect(foldCase(text)).not.toBe(foldCase(other));
  });

  test("takes letter by letter", () => {
    const random = createRandom(printedSeed("folded texts"));
    const classes = [...Map.groupBy([...CASED, "\0", "_"], foldCase).values()];
    for (let i = 0; i < 5_000; i++) {
      const chosen = Array.from({ length: 1 + random.below(6) }, () => random.pick(classes));
      const write = () => chosen.map((letters) => random.pick(letters)).join("");
      expect(foldCase(write())).toBe(foldCase(write()));
      const place = random.below(chosen.length);
      const before = write();
      chosen[place] = random.pick(classes.filter((letters) => letters !== chosen[place]));
      expect(foldCase(write())).not.toBe(foldCase(before));
    }
  });
});

test("isFolded", () => {
  expect(["", "max_tokens", "a\0~"].every(isFolded)).toBe(true);
  expect(["A", "aZ", "\u00e4", "a\u212a"].some(isFolded)).toBe(false);
});
