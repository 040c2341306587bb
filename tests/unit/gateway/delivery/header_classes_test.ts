import { describe, expect, test } from "bun:test";
import { createNameMemory, treatmentsOf } from "../../../../lib/gateway/delivery/header_classes.ts";
import { REQUEST_HEADER_CLASSES } from "../../../../lib/gateway/delivery/request_header_classes.ts";
import { RESPONSE_HEADER_CLASSES } from "../../../../lib/gateway/delivery/response_header_classes.ts";

const words = (text = "") => text.split(/\s+/).filter(Boolean);

describe.each([
  ["requests", REQUEST_HEADER_CLASSES],
  ["responses", RESPONSE_HEADER_CLASSES],
])("the classes of headers of %s", (_, classes) => {
  test("name each header once, in lower case, and say why", () => {
    const names = classes.flatMap((item) => words(item.names));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    for (const { reason, names: own, prefixes, suffixes } of classes) {
      expect(reason).toMatch(/^[a-z]/);
      for (const word of [own, prefixes, suffixes].flatMap(words)) {
        expect(word).toMatch(/^[a-z0-9-]+$/);
      }
    }
  });

  test("have no prefix that is too short to be found", () => {
    for (const prefix of classes.flatMap((item) => words(item.prefixes))) {
      expect(prefix.length).toBeGreaterThanOrEqual(4);
    }
  });
});

test("a name, a prefix and a suffix decide, and the first class counts", () => {
  const treatment = treatmentsOf<string>([
    { treatment: "a", reason: "…", names: "one both", prefixes: "pre-" },
    { treatment: "b", reason: "…", names: "both", prefixes: "pre-longer-", suffixes: "-end" },
  ]);
  const names = ["one", "both", "pre-x", "pre-longer-x", "x-end", "pre", "end", "x", ""];
  const none = Array.from({ length: 4 }, () => undefined);
  expect(names.map(treatment)).toEqual(["a", "a", "a", "a", "b", ...none]);
});

test("a memory of names holds few of them, and answers for all", () => {
  const found: string[] = [];
  const memory = createNameMemory((name): string => (found.push(name), `of ${name}`));
  const ask = (names: string[]) => names.map(memory);
  const madeUp = Array.from({ length: 5000 }, (_, i) => `x-${i}`);
  const long = ["l".repeat(1000), "l".repeat(1000)];
  for (let round = 0; round < 2; round += 1) {
    expect(ask(["accept", ...long, ...madeUp])).toEqual(
      ["accept", ...long, ...madeUp].map((name) => `of ${name}`),
    );
  }
  expect(found.filter((name) => name === "accept")).toHaveLength(1);
  // All but those that it holds were found out twice.
  expect(2 * (madeUp.length + 1 + long.length) - found.length).toBe(512);
});
