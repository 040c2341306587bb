import { describe, expect, test } from "bun:test";
import { findRoute } from "../../../../lib/gateway/admission/find_route.ts";
import { findRule } from "../../../../lib/gateway/admission/find_rule.ts";
import type { Route } from "../../../../lib/gateway/model/route.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { rule } from "./grants.ts";

/** All characters that servers read as ASCII if they normalize text with NFKC. */
const COMPATIBLE = Array.from({ length: 0x110000 - 0x80 }, (_, i) => i + 0x80)
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code))
  .filter((character) => /[\0-\x7f]/.test(character.normalize("NFKC")));

const encoded = encodeURIComponent;
const utf16 = (unit: string) => `%u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;

const SPELLINGS: Readonly<Record<string, (character: string) => string>> = {
  encoded,
  "encoded twice": (character) => encoded(encoded(character)),
  "in units of UTF-16": (character) => character.split("").map(utf16).join(""),
};

/** The characters for which a call is not refused, by their numbers. */
function passing(characters: readonly string[], call: (character: string) => void): string[] {
  const passed = characters.filter((character) => {
    try {
      call(character);
      return true;
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      return false;
    }
  });
  return passed.map((character) => character.codePointAt(0)!.toString(16));
}

test("the table has ligatures, letters of mathematics and in circles, the long s and the Kelvin sign", () => {
  expect(COMPATIBLE).toEqual(expect.arrayContaining(["ﬁ", "𝐚", "ⓐ", "ſ", "\u212a", "ａ", "．"]));
});

describe.each(Object.entries(SPELLINGS))(
  "each character that NFKC turns into ASCII, %s,",
  (_, spell) => {
    test("is refused where the ASCII would lead to a longer rule", () => {
      const target = (path: string) => new URL(`https://api.example.com/v1/${path}`);
      const passed = passing(COMPATIBLE, (character) => {
        const ascii = encoded(character.normalize("NFKC")).replaceAll(/%2F|%5C/g, "/");
        const rules = ["", `a${ascii}b/`].map((path) => rule(target(path).href));
        findRule(rules, "GET", target(`a${spell(character)}b/x`));
      });
      expect(passed).toEqual([]);
    });

    test("is refused where the letters would lead to another route", () => {
      const letters = COMPATIBLE.filter((it) => /^[a-z\d]+$/i.test(it.normalize("NFKC")));
      const routeOf = (path: string): Route => ({
        ...{ id: path, path, upstream: new URL("https://api.example.com/") },
        upstreams: [{ headers: [] }],
      });
      const passed = passing(letters, (character) => {
        const routes = ["/", `/a${character.normalize("NFKC")}b/`].map(routeOf);
        findRoute(routes, `/a${spell(character)}b/x`);
      });
      expect(passed).toEqual([]);
    });
  },
);
