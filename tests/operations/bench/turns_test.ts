import { describe, expect, test } from "bun:test";
import { costOfHandingOn, costOfPart, type Turn, turnsIn } from "../../../bench/turns/turn.ts";

/** A turn of a process in which a request takes so many microseconds. */
function turn(pid: number, isDone: boolean, requests: number, each: number): Turn {
  return { pid, isDone, requests, cpu: requests * each, handedOn: isDone ? 100 : 0 };
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

  test("is not a number without turns of both kinds", () => {
    expect(costOfPart([turn(1, true, 100, 83)])).toBeNaN();
    expect(costOfPart([])).toBeNaN();
  });

  test("does not have what is handed on, which belongs to the requests that were counted", () => {
    const turns = [turn(1, true, 100, 80), turn(1, false, 100, 80), turn(1, true, 100, 80)];
    expect(costOfPart(turns)).toBeCloseTo(0);
    expect(costOfHandingOn(turns)).toBeCloseTo(1);
  });
});

test("turns with few requests are left out", () => {
  const turns = [turn(1, true, 19, 500), turn(1, false, 20, 80)];
  expect(turnsIn(turns.map((it) => `${JSON.stringify(it)}\n`).join(""))).toEqual([turns[1]!]);
  expect(turnsIn("")).toEqual([]);
});
