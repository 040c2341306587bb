import { describe, expect, test } from "bun:test";
import { outcomeOf, signedRequest, type TestRequest, withParameter } from "../draft.ts";

const NAMES = [
  "X-Sw-Algorithm",
  "X-Sw-Body",
  "X-Sw-Credential",
  "X-Sw-Date",
  "X-Sw-Expires",
  "X-Sw-Proxy",
  "X-Sw-SignedHeaders",
  "X-Sw-Signature",
];

const REQUEST = signedRequest();

const rawOf = (name: string) => new RegExp(`${name}=([^&]*)`).exec(REQUEST.query)?.[1] ?? "";

const withPairs = (change: (pairs: string[]) => string[]): TestRequest => ({
  ...REQUEST,
  query: change(REQUEST.query.split("&")).join("&"),
});

describe("a parameter that appears twice is refused", () => {
  describe.each(NAMES)("%s", (name) => {
    test.each<[string, (good: string) => string[]]>([
      ["the same", (good) => [good, good]],
      ["the first good", (good) => [good, `${name}=other`]],
      ["the last good", (good) => [`${name}=other`, good]],
      ["the second empty", (good) => [good, `${name}=`]],
      ["the first empty", (good) => [`${name}=`, good]],
      ["the second a bare name", (good) => [good, name]],
      ["three times", (good) => [good, good, good]],
    ])("%s", async (_, twice) => {
      const request = withPairs((pairs) =>
        pairs.flatMap((pair) => (pair.startsWith(`${name}=`) ? twice(pair) : [pair])),
      );
      expect(await outcomeOf(request)).toBe("parameter_repeated");
    });

    test("one at each end", async () => {
      const request = withPairs((pairs) => [`${name}=${rawOf(name)}`, ...pairs]);
      expect(await outcomeOf(request)).toBe("parameter_repeated");
    });
  });
});

describe("another spelling of a parameter's name is refused, beside the right one", () => {
  describe.each(NAMES)("%s", (name) => {
    test.each([
      ["lower case", name.toLowerCase()],
      ["upper case", name.toUpperCase()],
      ["an encoded letter", name.replace("S", "%53")],
      ["an encoded hyphen", name.replace("-", "%2D")],
      ["underscores", name.replaceAll("-", "_")],
      ["square brackets", `${name}[]`],
      ["encoded square brackets", `${name}%5B%5D`],
      ["an index", `${name}[0]`],
      ["a blank before", `+${name}`],
      ["an encoded blank before", `%20${name}`],
      ["an encoded tab before", `%09${name}`],
      ["a blank after", `${name}+`],
      ["an encoded NUL after", `${name}%00`],
      ["a longer name", `${name}2`],
    ])("%s", async (_, spelling) => {
      const beside = withPairs((pairs) => [...pairs, `${spelling}=${rawOf(name)}`]);
      expect(await outcomeOf(beside)).toBe("parameter_unknown");
      const instead = withPairs((pairs) =>
        pairs.map((pair) => pair.replace(`${name}=`, `${spelling}=`)),
      );
      expect(await outcomeOf(instead)).toBe("parameter_unknown");
    });
  });
});

describe("a parameter whose encoding is broken is refused", () => {
  const broken = ["%", "%z", "%zz", "%4", "%C3", "%FF", "%C0%80", "%ED%A0%80", "%F5%80%80%80"];
  describe.each(NAMES)("%s", (name) => {
    test.each(broken)("%s", async (escape) => {
      const request = withParameter(REQUEST, name, (raw) => raw + escape);
      expect(await outcomeOf(request)).toBe("parameter_malformed");
    });
  });

  test.each(broken)("in a foreign name: %s", async (escape) => {
    const request = withPairs((pairs) => [...pairs, `a${escape}=1`]);
    expect(await outcomeOf(request)).toBe("parameter_malformed");
  });

  test.each(NAMES)("half of a surrogate pair, which no encoding has: %s", async (name) => {
    const request = withParameter(REQUEST, name, (raw) => `${raw}\ud800`);
    expect(await outcomeOf(request)).toMatch(/_(malformed|unknown|mismatch)$/);
  });
});

describe("parameters in another order, or among foreign ones, are accepted", () => {
  test.each<[string, (pairs: string[]) => string[]]>([
    ["sorted", (pairs) => pairs.toSorted()],
    ["reversed", (pairs) => pairs.toReversed()],
    ["the signature first", (pairs) => [...pairs.slice(-1), ...pairs.slice(0, -1)]],
    ["a foreign one", (pairs) => [...pairs, "utm_source=mail"]],
    ["foreign ones twice", (pairs) => ["a=1", ...pairs, "a=2"]],
    ["empty pairs", (pairs) => ["", ...pairs, "", "="]],
    ["a foreign one that ends alike", (pairs) => [...pairs, "Not-X-Sw-Date=1"]],
  ])("%s", async (_, change) => {
    expect(await outcomeOf(withPairs(change))).toBe("accepted");
  });
});
