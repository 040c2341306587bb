import { expect, test } from "bun:test";
import { createSteadyTime } from "../../../../lib/gateway/time/steady_time.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 29);

/** Returns a function that lets time pass, the clock jump, and returns what the steady time lacks. */
function stage() {
  const clock = { ticks: 0, now: START };
  const steady = createSteadyTime(() => clock.ticks, START);
  return (passed: number, jump = 0): number => {
    clock.ticks += passed;
    clock.now += passed + jump;
    return clock.now - steady(clock.now);
  };
}

test("the steady time follows a clock that is corrected, or set back", () => {
  const behind = stage();
  expect([behind(HOUR), behind(HOUR, 30_000), behind(HOUR, -10 * HOUR), behind(HOUR)]).toEqual([
    0, 0, 0, 0,
  ]);
});

test("the steady time goes on when the clock jumps ahead, until it is set right", () => {
  const behind = stage();
  expect(behind(5_000, 25 * HOUR)).toBe(25 * HOUR);
  expect(behind(HOUR)).toBe(25 * HOUR);
  expect(behind(5_000, -25 * HOUR)).toBe(0);
});

test("the steady time follows the clock a day after it has jumped", () => {
  const behind = stage();
  expect(behind(5_000, 25 * HOUR)).toBe(25 * HOUR);
  expect(behind(23 * HOUR)).toBe(25 * HOUR);
  expect([behind(HOUR), behind(HOUR)]).toEqual([0, 0]);
});
