import { describe, expect, test } from "bun:test";
import { WrongTries } from "../../../../lib/runtime/admin/api/wrong_tries.ts";

describe("WrongTries", () => {
  test("lets an address try again when the minute is over, and others meanwhile", () => {
    const clock = { now: 1_000 };
    const tries = new WrongTries(() => clock.now);
    for (let i = 0; i < 4; i++) tries.add("a");
    expect(tries.wait("a")).toBe(0);
    clock.now += 30_000;
    tries.add("a");
    expect([tries.wait("a"), tries.wait("b")]).toEqual([30_000, 0]);
    clock.now += 30_000;
    expect(tries.wait("a")).toBe(0);
  });

  test("forgets the oldest of very many addresses", () => {
    const tries = new WrongTries(() => 0);
    for (let i = 0; i < 10_005; i++) for (let n = 0; n < 5; n++) tries.add(`${i}`);
    expect([tries.wait("0"), tries.wait("10004")]).toEqual([0, 60_000]);
  });
});
