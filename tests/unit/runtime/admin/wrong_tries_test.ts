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

  test.each([
    ["2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 60_000],
    ["2001:db8:1:2::1", "2001:db8:1:3::1", 0],
    ["192.0.2.1", "::ffff:192.0.2.1", 60_000],
    ["192.0.2.1", "192.0.2.2", 0],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.2", 0],
  ])("takes the tries of %s for those of %s: %d ms", (one, other, wait) => {
    const tries = new WrongTries(() => 0);
    for (let i = 0; i < 5; i++) tries.add(one);
    expect(tries.wait(other)).toBe(wait);
  });

  test("forgets the oldest of very many addresses", () => {
    const tries = new WrongTries(() => 0);
    for (let i = 0; i < 10_005; i++) for (let n = 0; n < 5; n++) tries.add(`${i}`);
    expect([tries.wait("0"), tries.wait("10004")]).toEqual([0, 60_000]);
  });
});
