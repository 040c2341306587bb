import { describe, expect, test } from "bun:test";
import type { Policy } from "../../../../lib/gateway/model/policy.ts";
import { guardRules } from "../../../../lib/gateway/policy/combine.ts";

const combined = (...policies: Policy[]) => {
  const layers = policies.map((policy) => ({ policy, mayLackBody: false }));
  const rules = guardRules(layers, undefined);
  return rules && { ...rules, allow: [...rules.allow] };
};
test("a request without a layer is guarded where something is counted", () => {
  const counts = { tokens: true, cost: false };
  const guarded = { models: [], tools: [], allow: new Set(), refusesExcess: false, counts };
  expect(guardRules([], counts)).toEqual(guarded as never);
  expect(guardRules([{ policy: { allow: ["n"] }, mayLackBody: false }], counts)).toEqual({
    ...guarded,
    allow: new Set(["n"]),
  } as never);
  expect(guardRules([], undefined)).toBeUndefined();
});

const NONE = { models: [], tools: [], allow: [], refusesExcess: false };

describe("layers combine:", () => {
  test.each<[what: string, policies: Policy[], rules: object | undefined]>([
    ["none uses a shorthand", [{}, { body: { schema: true } }, { onExcess: "refuse" }], undefined],
    ["one model", [{ models: ["a"] }], { models: [["a"]] }],
    [
      "each list of models must grant",
      [{ models: ["a"] }, {}, { models: ["b*"] }],
      { models: [["a"], ["b*"]] },
    ],
    ["tools likewise", [{ tools: ["a"] }, { tools: ["b"] }], { tools: [["a"], ["b"]] }],
    [
      "the smallest number",
      [{ maxOutputTokens: 5 }, { maxOutputTokens: 3 }, { maxOutputTokens: 9 }],
      { maxOutputTokens: 3 },
    ],
    [
      "refuse wins",
      [{ maxOutputTokens: 5, onExcess: "refuse" }, { onExcess: "lower" }],
      { maxOutputTokens: 5, refusesExcess: true },
    ],
    [
      "refuse of a layer without a shorthand",
      [{ onExcess: "refuse" }, { maxOutputTokens: 5 }],
      { maxOutputTokens: 5, refusesExcess: true },
    ],
    ["allow intersects", [{ allow: ["a", "b"] }, { allow: ["b", "c"] }], { allow: ["b"] }],
    [
      "a layer with a shorthand and no allow opens nothing",
      [{ allow: ["a"] }, { models: ["m"] }],
      { models: [["m"]], allow: [] },
    ],
    [
      "a layer without a shorthand does not count",
      [{ allow: ["a"] }, { body: {} }, { onExcess: "lower" }],
      { allow: ["a"] },
    ],
    ["an empty intersection opens nothing", [{ allow: ["a"] }, { allow: ["b"] }], { allow: [] }],
    [
      "the last text is the operator's",
      [{ system: "token" }, { system: "operator" }],
      { system: "operator" },
    ],
  ])("%s", (_, policies, rules) => {
    expect(combined(...policies)).toEqual((rules && { ...NONE, ...rules }) as never);
  });
});
