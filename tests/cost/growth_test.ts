import { describe, expect, test } from "bun:test";
import { growthOf, type Parsing } from "./growth.ts";
import { POLICY_READERS } from "./policy_inputs.ts";
import { SLOT_READERS } from "./token_inputs.ts";
import { UPSTREAM_READERS } from "./upstream_inputs.ts";
import { parsingOf, READERS } from "./unverified_inputs.ts";

// The longest URL that is read has 15,360 characters, and a head of a request 16 kB.
const LENGTH = 3_500;
// Four times the length: 4 for what is linear, 16 for what is quadratic.
const LIMIT = 8;

describe("four times the length takes at most some four times the work:", () => {
  const all = { ...READERS, ...SLOT_READERS, ...POLICY_READERS, ...UPSTREAM_READERS };
  for (const [name, reader] of Object.entries(all)) {
    test.each(Object.entries(reader.pieces))(`${name} of %s`, async (_, piece) => {
      expect(await growthOf(parsingOf(reader, piece), LENGTH, LIMIT)).toBeLessThan(LIMIT);
    });
  }
});

describe("the measure", () => {
  const text = (piece: string) => (length: number) => piece.repeat(length / piece.length);
  test.each<[string, Parsing<string>]>([
    ["a host in a URL parser", { make: text("%CC%80%CC%96%CC%80%CC%96"), parse: parseHost }],
    ["a comparison of each pair", { make: text("a"), parse: countPairs }],
  ])("finds what is quadratic: %s", async (_, parsing) => {
    expect(await growthOf(parsing, LENGTH - (LENGTH % 24), 0)).toBeGreaterThan(LIMIT);
  });
});

/** How many pairs of characters differ. */
function countPairs(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    for (let j = 0; j < i; j++) if (text.charCodeAt(i) !== text.charCodeAt(j)) count++;
  }
  return count;
}

function parseHost(escaped: string): boolean {
  // All marks of one class before all of the other, so that they have to be put into order.
  const marks = escaped.replaceAll("%CC%96", "") + escaped.replaceAll("%CC%80", "");
  return URL.canParse(`http://a${marks}/`);
}
