import { describe, expect, test } from "bun:test";
import type { ScopeRow } from "../../../../lib/gateway/ledger/algorithm/rows.ts";
import { APP_SCOPE, type Scope, subjectScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { PackedScopes } from "../../../../lib/gateway/ledger/memory/packed_scopes.ts";
import { randomOf } from "../../../support/ledger/simulation/events.ts";

const uses = (settled: number, until: number): ScopeRow => [
  { name: "uses", settled, reserved: 0, end: 0, until },
];

describe("PackedScopes", () => {
  test("returns the counters of a scope until all of them expire", () => {
    const scopes = new PackedScopes();
    const row: ScopeRow = [
      { name: "tokens/day", settled: 9e15, reserved: 0, end: 1_800_000_000_000, until: 100 },
      { name: "rate 10/s burst 1", tat: 1_800_000_000_000_000, until: 200 },
    ];
    scopes.set("web", APP_SCOPE, row, 0);
    expect(scopes.get("web", APP_SCOPE, 199)).toEqual(row);
    expect(scopes.get("web", APP_SCOPE, 200)).toBeUndefined();
    expect(scopes.get("other", APP_SCOPE, 0)).toBeUndefined();
  });

  test("returns what is reserved for ever", () => {
    const scopes = new PackedScopes();
    const row: ScopeRow = [{ name: "concurrent", settled: 0, reserved: 1, end: 0, until: 100 }];
    scopes.set("web", APP_SCOPE, row, 0);
    expect(scopes.get("web", APP_SCOPE, Number.MAX_SAFE_INTEGER)).toEqual(row);
  });

  test("refuses a name of which a part would be lost", () => {
    expect(() => new PackedScopes().get("web", "u/ł", 0)).toThrow("not in ASCII");
  });

  test("does what a Map does, for random changes while it grows and scopes expire", () => {
    const random = randomOf(1);
    const below = (limit: number) => Math.floor(random() * limit);
    const scopes = new PackedScopes();
    const expected = new Map<string, ScopeRow>();
    for (let now = 0; now < 60_000; now++) {
      // Some scopes are used often, and new ones come all the time.
      const scope = subjectScope(`user ${below(2) === 0 ? below(50) : now - below(2_000)}`);
      const app = `app ${below(3)}`;
      const key = `${app} ${scope}`;
      const row = Array.from({ length: below(6) }, (_, index) => ({
        ...{ name: `tokens ${index}`, settled: below(1e9), reserved: below(2), end: below(2) },
        until: now + below(5_000),
      }));
      const isKept = ({ reserved, until }: (typeof row)[number]) => reserved > 0 || until > now;
      const before = expected.get(key) as typeof row | undefined;
      expect(scopes.get(app, scope, now)).toEqual(before?.some(isKept) ? before : undefined);
      if (row.length > 0) scopes.set(app, scope, row, now);
      else scopes.delete(app, scope);
      expected.set(key, row);
    }
  });

  test("drops expired scopes while new ones come, and keeps the others", () => {
    const scopes = new PackedScopes();
    const add = (name: string, count: number, until: number, now: number) => {
      for (let index = 0; index < count; index++) {
        scopes.set("web", subjectScope(`${name} ${index}`), uses(index + 1, until), now);
      }
    };
    add("old", 10_000, 100, 0);
    add("kept", 1_000, 1_000, 0);
    expect(scopes.size).toBe(11_000);
    add("new", 30_000, 1_000, 500);
    expect(scopes.size).toBe(31_000);
    const kept = Array.from({ length: 1_000 }, (_, index): Scope => subjectScope(`kept ${index}`));
    expect(kept.map((scope) => scopes.get("web", scope, 500))).toEqual(
      kept.map((_, index) => uses(index + 1, 1_000)),
    );
  });
});
