import { expect, test } from "bun:test";
import { isNamed, spellingsOf } from "../../../../lib/gateway/model/parameter_names.ts";

// With a quadratic search, this takes minutes.
test.each(["+", "?", "%20", "["])(
  "a name that begins with many %s is compared at once",
  (piece) => {
    const name = piece.repeat(500_000);
    expect(isNamed(`${name}x=1`, spellingsOf("key"))).toBe(false);
    expect(isNamed(`${name}key=1`, spellingsOf("key"))).toBe(true);
  },
);
