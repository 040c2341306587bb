import { describe, expect, test } from "bun:test";
import { type Holder, BodyBudget } from "../../../../lib/gateway/body/body_budget.ts";

const KB = 1024;
const LIMIT = 100 * KB;

/** A budget with a clock that a test sets, and holders that note whether they were ended. */
function budgetUnderTest() {
  let now = 0;
  const budget = new BodyBudget("unverified_limit", () => now);
  const ended: string[] = [];
  const begin = (name: string): Holder & { received: number; completed: number | undefined } => ({
    start: now,
    received: 0,
    completed: undefined,
    held: 0,
    index: -1,
    end: ({ code }) => void ended.push(`${name}: ${code}`),
  });
  return { budget, ended, begin, pass: (ms: number) => void (now += ms) };
}

/** Several holders of 30 kB, each of which has received so many bytes in a second. */
function filled(received: readonly number[]) {
  const it = budgetUnderTest();
  const holders = received.map((count, i) => {
    const holder = it.begin(`number ${i}`);
    it.budget.hold(holder, 30 * KB, LIMIT);
    holder.received = count;
    return holder;
  });
  it.pass(1000);
  return { ...it, holders };
}

describe("a budget of unverified bodies", () => {
  test("counts what each holds, and at least 16 kB", () => {
    const { budget, begin } = budgetUnderTest();
    const [small, large] = [begin("small"), begin("large")];
    budget.hold(small, 1, LIMIT);
    budget.hold(large, 20 * KB, LIMIT);
    expect(budget.held).toBe(36 * KB);
    budget.hold(large, 40 * KB, LIMIT);
    expect(budget.held).toBe(56 * KB);
    budget.release(small);
    budget.release(small);
    expect(budget.held).toBe(40 * KB);
  });

  test("ends the slowest when there is no room, and no other", () => {
    const { budget, ended, holders, begin } = filled([3000, 1000, 2000]);
    budget.hold(begin("new"), 16 * KB, LIMIT);
    expect(ended).toEqual(["number 1: unverified_limit"]);
    expect(holders.map(({ held }) => held)).toEqual([30 * KB, 0, 30 * KB]);
    expect(budget.held).toBe(76 * KB);
  });

  test("ends as many as it takes", () => {
    const { budget, ended, holders } = filled([3000, 1000, 2000]);
    budget.hold(holders[0]!, 90 * KB, LIMIT);
    expect(ended).toEqual(["number 1: unverified_limit", "number 2: unverified_limit"]);
    expect(budget.held).toBe(90 * KB);
  });

  test("refuses the one that asks when none is slower", () => {
    const { budget, ended, holders } = filled([3000, 1000, 2000]);
    expect(() => budget.hold(holders[1]!, 60 * KB, LIMIT)).toThrow("unverified_limit");
    expect(ended).toEqual([]);
    expect(budget.held).toBe(90 * KB);
  });

  test("refuses a new one when all others are as new", () => {
    const { budget, ended, begin } = budgetUnderTest();
    for (let i = 0; i < 6; i++) budget.hold(begin("one of them"), 1, LIMIT);
    expect(() => budget.hold(begin("new"), 1, LIMIT)).toThrow("unverified_limit");
    expect(ended).toEqual([]);
  });

  test("leaves alone a small one that has just begun", () => {
    const { budget, ended, holders, begin } = filled([3000, 2000]);
    const small = begin("small");
    budget.hold(small, 5, LIMIT);
    budget.hold(holders[0]!, 60 * KB, LIMIT);
    expect(ended).toEqual(["number 1: unverified_limit"]);
    expect(small.held).toBe(16 * KB);
  });

  test("leaves alone a small one that is complete, however long it is verified", () => {
    const { budget, ended, holders, begin, pass } = filled([3000, 2000]);
    const small = begin("small");
    small.received = 5;
    budget.hold(small, 5, LIMIT);
    pass(20);
    small.completed = 1020;
    pass(1000);
    budget.hold(holders[0]!, 60 * KB, LIMIT);
    expect(ended).toEqual(["number 1: unverified_limit"]);
    expect(small.held).toBe(16 * KB);
  });

  test("does not count the time in which a complete one is verified", () => {
    const { budget, ended, holders } = filled([3000, 1000, 2000]);
    holders[1]!.completed = 100;
    budget.hold(holders[0]!, 60 * KB, LIMIT);
    expect(ended).toEqual(["number 2: unverified_limit"]);
  });

  test("always has room for one, whatever the limit", () => {
    const { budget, begin } = budgetUnderTest();
    budget.hold(begin("one"), 1000, 1000);
    expect(budget.held).toBe(1000);
  });
});
