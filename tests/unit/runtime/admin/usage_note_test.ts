import { describe, expect, test } from "bun:test";
import { noUsage } from "../../../../lib/runtime/admin/activity/usage.ts";
import { noteOf, notedIn } from "../../../../lib/runtime/admin/activity/usage_note.ts";

const row = (name: string, more = {}) => ({ names: [name], ...noUsage(), ...more });

describe("a note of usage", () => {
  test("holds what was written", () => {
    const apps = [row("web", { requests: 3, cost_usd: 0.1, bytes: 7 }), row("\n\"'<b>")];
    const models = [row("m", { input_tokens: 1, output_tokens: 2, errors: 1 })];
    expect(notedIn(noteOf({ apps, models }))).toEqual({ apps, models });
  });

  test("has the 1,000 rows with the most requests, and others under one", () => {
    const apps = Array.from({ length: 100_000 }, (_, i) => row(`app-${i}`, { requests: i }));
    const text = noteOf({ apps, models: [] });
    const { apps: noted } = notedIn(text);
    expect([noted.length, noted[0]!.requests, noted.at(-1)!.names]).toEqual([
      1_001,
      99_999,
      ["(others)"],
    ]);
    const sum = (rows: readonly { requests: number }[]) =>
      rows.reduce((all, { requests }) => all + requests, 0);
    expect(sum(noted)).toBe(sum(apps));
    expect(text.length).toBeLessThan(100_000);
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "7"],
    ["null", "null"],
    ["no list", '{"apps":{"web":1}}'],
    ["a row without a name", '{"apps":[[1,2,3,4,5,6,7]]}'],
    ["a row that is too short", '{"apps":[["web",1]]}'],
    ["a row of texts", '{"apps":[["web","1","2","3","4","5","6"]]}'],
    ["a negative number", '{"apps":[["web",1,1,1,1,1,-1]]}'],
    ["a number that is infinite", '{"apps":[["web",1,1,1,1,1,1e999]]}'],
  ])("of another form has nothing: %s", (_, text) => {
    expect(notedIn(text)).toEqual({ apps: [], models: [] });
  });
});
