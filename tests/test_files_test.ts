import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FILES = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/node_modules|\.cache/.test(path))
  .sort();

const textOf = (path: string) => readFileSync(join(import.meta.dirname, path), "utf8");

describe("a file of tests", () => {
  const tests = FILES.filter((path) => path.endsWith("_test.ts"));

  test("has a name that ends in _test.ts, and no other file has", () => {
    const declares = (path: string) =>
      /^(if .*\n  )?(await )?(describe|test)\b/m.test(textOf(path));
    expect(FILES.filter(declares)).toEqual(tests);
  });

  test("has titles in words, without the number of an item in some list", () => {
    const coded = /["'`][A-Z]\d{1,2}\b[ :][^"'`\n]*/g;
    const titles = tests.flatMap((path) =>
      [...textOf(path).matchAll(coded)].map(([title]) => `${path}: ${title}`),
    );
    expect(titles).toEqual([]);
  });
});
