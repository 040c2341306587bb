import { describe, expect, test } from "bun:test";
import {
  isNamed,
  spellingsOf,
  spellingsOfAny,
} from "../../../../lib/gateway/model/parameter_names.ts";
import { createRandom, printedSeed } from "../../../support/random.ts";

// With a quadratic search, this takes minutes.
test.each(["+", "?", "%20", "["])(
  "a name that begins with many %s is compared at once",
  (piece) => {
    const name = piece.repeat(500_000);
    expect(isNamed(`${name}x=1`, spellingsOf("key"))).toBe(false);
    expect(isNamed(`${name}key=1`, spellingsOf("key"))).toBe(true);
  },
);

describe("a name of other letters", () => {
  test.each([
    ["schlüssel", "schl%C3%BCssel", true],
    ["schlüssel", "SCHL%c3%9cSSEL", true],
    ["schlüssel", "schlu%CC%88ssel", true],
    ["schlüssel", "schl%25C3%25BCssel[]", true],
    ["Straße", "STRASSE", true],
    ["ключ", "%D0%9A%D0%9B%D0%AE%D0%A7", true],
    ["鍵", "%E9%8D%B5%5B0%5D", true],
    ["鍵", "%E9%8D", false],
    ["schlüssel", "schlussel", false],
    ["key", "k%C3%A9y", false],
  ])("%s is found in %s: %p", (name, spelling, isFound) => {
    expect(isNamed(`${spelling}=1`, spellingsOf(name))).toBe(isFound);
  });
});

test.each([
  ["%6bey", true],
  ["%256bey", true],
  ["%2525256bey", true],
  ["%25252525256bey", true],
  ["%252525252561", true],
  ["%2525", false],
  ["100%", false],
  ["a%2zb%25zz", false],
])("a name that is encoded more than once: %s, %p", (name, isFound) => {
  expect(isNamed(`${name}=1`, spellingsOf("key"))).toBe(isFound);
});

test("a spelling of a name is one of any name", () => {
  const random = createRandom(printedSeed("names"));
  const textOf = (pieces: readonly string[]) =>
    Array.from({ length: 1 + random.below(4) }, () => random.pick(pieces)).join("");
  let found = 0;
  for (let i = 0; i < 50_000; i++) {
    const parts = Array.from({ length: 1 + random.below(3) }, () =>
      textOf(["max", "K", "ß", "鍵"]),
    );
    const sign = random.pick(["", "$"]);
    const name = sign + parts.join(random.pick(["_", ".", " "]));
    // With another bracket behind, one that was not closed would be.
    const joint = random.pick(["_", ".", "%20", "+", "["]);
    const behind = textOf(joint === "[" ? ["", "+", "\0"] : ["", "+", "\0", "[", "]", "%5B"]);
    const spelling = textOf(["", "?", "[", "]", "+", "%5B"]) + sign + parts.join(joint) + behind;
    if (!isNamed(spelling, spellingsOf(name))) continue;
    found++;
    const isFound = isNamed(spelling, spellingsOfAny([name]));
    expect({ name, spelling, isFound }).toEqual({ name, spelling, isFound: true });
  }
  expect(found).toBeGreaterThan(5000);
});
