import { describe, expect, test } from "bun:test";
import { BATCH_SIZE, Batch } from "../../../../lib/gateway/record/batch.ts";

function collecting() {
  const handled: number[] = [];
  return { handled, batch: new Batch((item: number) => void handled.push(item)) };
}

const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

describe("Batch", () => {
  test("handles items in their order when there are enough of them", () => {
    const { batch, handled } = collecting();
    for (const item of upTo(BATCH_SIZE - 1)) batch.add(item);
    expect(handled).toEqual([]);
    batch.add(BATCH_SIZE - 1);
    expect(handled).toEqual(upTo(BATCH_SIZE));
    for (const item of upTo(BATCH_SIZE)) batch.add(item);
    expect(handled).toEqual([...upTo(BATCH_SIZE), ...upTo(BATCH_SIZE)]);
  });

  test("handles an item once, also when it is emptied before, and while it is emptied", () => {
    const handled: number[] = [];
    const batch: Batch<number> = new Batch((item) => {
      batch.empty();
      handled.push(item);
      if (item < 3) batch.add(item + 10);
    });
    for (const item of upTo(5)) batch.add(item);
    batch.empty();
    batch.empty();
    batch.empty();
    expect(handled.toSorted((one, other) => one - other)).toEqual([0, 1, 2, 3, 4, 10, 11, 12]);
  });

  test("handles the items after one that fails, too", () => {
    const handled: number[] = [];
    const batch = new Batch((item: number) => {
      handled.push(item);
      if (item % 3 === 1) throw new Error(`item ${item}`);
    });
    for (const item of upTo(6)) batch.add(item);
    expect(() => batch.empty()).toThrow("item 1");
    expect(handled).toEqual(upTo(6));
    batch.empty();
    expect(handled).toEqual(upTo(6));
  });
});
