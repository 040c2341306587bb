import { describe, expect, test } from "bun:test";
import { SpreadMap } from "../../../../lib/gateway/ledger/memory/spread_map.ts";

const create = () => new SpreadMap<{ end: number }>(({ end }) => end);

describe("SpreadMap", () => {
  test("returns a value until it expires", () => {
    const map = create();
    map.set("a", { end: 100 }, 0);
    expect(map.get("a", 99)).toEqual({ end: 100 });
    expect(map.get("a", 100)).toBeUndefined();
    expect(map.get("b", 0)).toBeUndefined();
  });

  test("replaces and deletes", () => {
    const map = create();
    map.set("a", { end: 100 }, 0);
    map.set("a", { end: 200 }, 0);
    expect([map.size, map.get("a", 150)]).toEqual([1, { end: 200 }]);
    map.delete("a");
    map.delete("a");
    expect([map.size, map.get("a", 0)]).toEqual([0, undefined]);
  });

  test("drops expired entries while new ones come, and keeps the others", () => {
    const map = create();
    for (let index = 0; index < 10_000; index++) map.set(`old ${index}`, { end: 100 }, 0);
    for (let index = 0; index < 1_000; index++) map.set(`kept ${index}`, { end: 1_000 }, 0);
    expect(map.size).toBe(11_000);
    for (let index = 0; index < 30_000; index++) map.set(`new ${index}`, { end: 1_000 }, 500);
    expect(map.size).toBe(31_000);
    const kept = Array.from({ length: 1_000 }, (_, index) => map.get(`kept ${index}`, 500));
    expect(kept.every((value) => value?.end === 1_000)).toBe(true);
  });
});
