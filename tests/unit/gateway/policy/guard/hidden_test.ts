import { describe, expect, test } from "bun:test";
import { entryIn, guarded, refusal } from "./guarded.ts";
import { TABLES } from "./requests/tables.ts";

describe.each([...TABLES])("$operation", ({ provider, path, minimal, hidden }) => {
  test.each([...hidden])("refuses $what", ({ body, param, entries }) => {
    const request = { provider, path, body: { ...minimal, ...body } };
    expect(refusal(request)).toMatchObject({ code: "policy_violation", param });
    const allow = new Set<string>();
    for (const entry of entries) {
      const error = refusal(request, { allow });
      expect(error && entryIn(error)).toBe(entry);
      allow.add(entry);
    }
    if (entries.length > 0) expect(() => guarded(request, { allow })).not.toThrow();
  });
});
