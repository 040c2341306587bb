import { describe, expect, test } from "bun:test";
import { mistakesOf } from "../cli/command_line.ts";

const mistakesIn = (file: string, text: string) =>
  mistakesOf(["--config", file], { files: { [file]: text } });

describe("a syntax error of TOML tells the remedy", () => {
  test.each([
    ["a = 1 # \u0001", "a comment has a control character"],
    ['a = "\u0001"', "a text has a control character: write it as an escape"],
    [`a = ${"[".repeat(2000)}`, "it is nested too deeply"],
    ["a = 1 b = 2", "the end of the line is expected: each key needs a line of its own"],
    ['a = ["b" "c"]', "a comma, ] or } is expected"],
    ["[[app]", "]] is expected"],
    ["a/b = 1", "a key has letters, digits, _ and -: put others in quotes"],
    ["[]", "a key is expected"],
    ["a = 01", "a number must not begin with 0"],
    ['"""a""" = 1', "a key must be on one line"],
    ["a = 1__0", "in a number, _ must stand between two digits"],
    ["a = 60s", "a number is not valid: a text needs quotes"],
    ["listen", "a key must be followed by = and a value, and the header of a table by ]"],
    ["a..b = 1", "a key is expected"],
    ["a = 9007199254740993", "a whole number is too large"],
    ["a = 2026-13-45", "a date is not valid: a text needs quotes"],
    [
      'a = "\\q"',
      "a text has an unknown escape: write \\\\ for a backslash, or put it in single quotes",
    ],
    ["a = web", "a value is expected: a text needs quotes"],
    ["a =", "a value is expected: a text needs quotes"],
    ["a = 1\na = 2", "this key or table is given twice"],
    ["[a]\n[a]", "this key or table is given twice"],
    ["a = [1,", "a list has no closing ]"],
    ['a = "b', "a text has no closing quote"],
    ["a = { b = 1,", "a table has no closing }"],
  ])("%j", (text, remedy) => {
    const [mistake] = mistakesIn("a.toml", text);
    expect(mistake?.replace(/^a\.toml: line \d, column \d+: /, "")).toBe(remedy);
  });
});

describe("a syntax error of YAML tells the remedy", () => {
  test.each([
    ["a: *b", "aliases are not supported: write the value itself"],
    ["%FOO\n---\na: 1", "a directive is not valid: remove the line that begins with %"],
    [
      'a: "\\q"',
      "a text has an unknown escape: write \\\\ for a backslash, or put it in single quotes",
    ],
    [
      "a:\n  b: 1\n c: 2",
      "the indentation does not fit: the keys of a table begin in the same column, and brackets must be closed",
    ],
    ["a: @b", "a value must not begin with this character: put it in quotes"],
    ["a: 1\na: 2", "this key is given twice"],
    ["a: [1", "in the same column, and brackets must be closed"],
    ["a: 1\n---\nb: 2", "the file has a second document: remove the line ---"],
    ["a:\n\tb: 1", "a tab must not indent a line: use spaces"],
    ["a: !b 1", "a value has an unknown tag: remove it, or put the value in quotes"],
    ["? [a]\n: 1", "a key must be a text"],
    ["a: b: c", "brackets must be closed, or a value with a colon needs quotes"],
    ['a: "b', "a comma, a colon or a space is missing before this place"],
  ])("%j", (text, remedy) => {
    const [mistake] = mistakesIn("a.yaml", text);
    expect(mistake).toMatch(/^a\.yaml: line \d, column \d+: /);
    expect(mistake).toEndWith(remedy);
  });
});
