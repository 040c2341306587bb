import { describe, expect, test } from "bun:test";
import { costOfHandingOn, costOfPart, type Turn, turnsIn } from "../../../bench/part_cost/turn.ts";

/** A turn of a process in which a request takes so many microseconds. */
function turn(pid: number, hasPart: boolean, requests: number, each: number): Turn {
  return { pid, hasPart, requests, cpu: requests * each, handingOn: hasPart ? 100 : 0 };
}

describe("what a part takes of a request", () => {
  test("is the difference between turns with and without it", () => {
    const turns = [turn(1, true, 100, 83), turn(1, false, 50, 80), turn(1, true, 200, 83)];
    expect(costOfPart(turns)).toBeCloseTo(3);
  });

  test("is found in each process on its own, and counts by its requests", () => {
    const busy = [turn(1, true, 300, 72), turn(1, false, 300, 70)];
    const idle = [turn(2, true, 100, 306), turn(2, false, 100, 300)];
    expect(costOfPart([...busy, ...idle])).toBeCloseTo(3);
  });

  test("is that of the processes with turns of both kinds", () => {
    const both = [turn(1, true, 100, 83), turn(1, false, 100, 80)];
    expect(costOfPart([...both, turn(2, true, 100, 500)])).toBeCloseTo(3);
    expect(costOfPart([turn(1, true, 100, 83)])).toBeNaN();
    expect(costOfPart([])).toBeNaN();
  });

  test("does not have what is handed on, which belongs to all requests", () => {
    const turns = [turn(1, true, 100, 80), turn(1, false, 100, 80), turn(1, true, 100, 80)];
    expect(costOfPart(turns)).toBeCloseTo(0);
    expect(costOfHandingOn(turns)).toBeCloseTo(200 / 300);
  });
});

test("turns are read as they were written", () => {
  const turns = [turn(1, true, 19, 500), turn(2, false, 5, 80)];
  expect(turnsIn(turns.map((it) => `${JSON.stringify(it)}\n`).join(""))).toEqual(turns);
  expect(turnsIn("")).toEqual([]);
});
