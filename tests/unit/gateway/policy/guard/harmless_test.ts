import { describe, expect, test } from "bun:test";
import { formatJson } from "../../../../../lib/signing/verify.ts";
import { guarded, toJson } from "./guarded.ts";
import { TABLES } from "./requests/tables.ts";

describe.each([...TABLES])("$operation", ({ provider, path, minimal, options }) => {
  test.each([{}, ...options])("passes unchanged: %j", (option) => {
    const body = { ...minimal, ...(path.includes("/responses") && { store: false }), ...option };
    const result = guarded({ provider, path, body });
    expect(formatJson(result.body!)).toBe(formatJson(toJson(body)));
    expect(result.edits).toEqual([]);
  });

  test("passes with null in the place of each option", () => {
    const names = new Set(options.flatMap((option) => Object.keys(option)));
    const body = { ...Object.fromEntries([...names].map((name) => [name, null])), ...minimal };
    expect(() => guarded({ provider, path, body })).not.toThrow();
  });
});
