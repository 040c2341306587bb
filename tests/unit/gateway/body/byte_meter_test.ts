import { describe, expect, test } from "bun:test";
import { ByteMeter } from "../../../../lib/gateway/body/byte_meter.ts";

/** A limit of which the blocks are told; it answers at once or later. */
function limitOf(blocks: (number | Error)[], isLate = false) {
  const [first, ...rest] = blocks as number[];
  const limit = {
    allowance: first!,
    drawn: 0,
    draw(): number | Promise<number> {
      limit.drawn++;
      const block: number | Error = rest.shift() ?? 0;
      const take = () => {
        if (typeof block !== "number") throw block;
        limit.allowance += block;
        return block;
      };
      return isLate ? Promise.resolve().then(take) : take();
    },
  };
  return limit;
}

describe.each([
  ["at once", false],
  ["later", true],
] as const)("a limit that answers %s", (_, isLate) => {
  test("allows what is drawn, without a further draw", () => {
    const limit = limitOf([100], isLate);
    expect(new ByteMeter(limit).allow(100)).toBe(100);
    expect(limit.drawn).toBe(0);
  });

  test("draws as many blocks as are needed", async () => {
    const limit = limitOf([100, 50, 50, 50], isLate);
    const meter = new ByteMeter(limit);
    expect(await meter.allow(190)).toBe(190);
    expect(limit.drawn).toBe(2);
  });

  test("draws the next block when half of one is used", async () => {
    const limit = limitOf([100, 100], isLate);
    const meter = new ByteMeter(limit);
    meter.spend(50);
    expect(limit.drawn).toBe(0);
    meter.spend(1);
    expect(limit.drawn).toBe(1);
    expect(await meter.allow(149)).toBe(149);
    expect(limit.drawn).toBe(1);
  });

  test("allows a part when the limit is reached", async () => {
    const limit = limitOf([100, 20], isLate);
    const meter = new ByteMeter(limit);
    expect(await meter.allow(200)).toBe(120);
    meter.spend(120);
    expect(await meter.allow(1)).toBe(0);
  });

  test("does not draw ahead once the limit is reached", async () => {
    const limit = limitOf([100], isLate);
    const meter = new ByteMeter(limit);
    for (const count of [60, 10, 10]) {
      meter.spend(count);
      await Bun.sleep(0);
    }
    expect(limit.drawn).toBe(1);
    expect(await meter.allow(20)).toBe(20);
  });

  test("asks again after a failure ahead, and fails when the block is needed", async () => {
    const limit = limitOf([100, new Error("away"), 40, new Error("away")], isLate);
    const meter = new ByteMeter(limit);
    meter.spend(60);
    expect(await meter.allow(70)).toBe(70);
    meter.spend(40);
    await expect((async () => meter.allow(100))()).rejects.toThrow("away");
  });
});
