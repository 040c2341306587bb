import { expect, test } from "bun:test";
import { dollars, milliseconds, span } from "../../../../lib/web/dashboard/numbers.ts";

test.each([
  [0, "$0"],
  [0.000000002, "$0.000000002"],
  [0.00000012345, "$0.000000123"],
  [0.12345, "$0.123"],
  [1, "$1.00"],
  [1234567.891, "$1,234,567.89"],
])("dollars(%d) is %s", (value, text) => {
  expect(dollars(value)).toBe(text);
});

test.each([
  [null, "–"],
  [0.012, "0.012 ms"],
  [312.4, "312 ms"],
  [1500, "1.5 s"],
])("milliseconds(%p) is %s", (value, text) => {
  expect(milliseconds(value)).toBe(text);
});

test.each([
  [5.4, "5 s"],
  [600, "10 min"],
  [86_400, "24 h"],
  [864_000, "10 d"],
])("span(%d) is %s", (seconds, text) => {
  expect(span(seconds)).toBe(text);
});
