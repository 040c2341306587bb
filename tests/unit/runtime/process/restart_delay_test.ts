import { describe, expect, test } from "bun:test";
import {
  FIRST_RESTART_DELAY_MS,
  nextRestartDelay,
} from "../../../../lib/runtime/process/restart_delay.ts";

describe("nextRestartDelay", () => {
  test.each([
    [FIRST_RESTART_DELAY_MS, 0, 200],
    [200, 10_000, 400],
    [16_000, 50, 30_000],
    [30_000, 50, 30_000],
    [30_000, 10_001, FIRST_RESTART_DELAY_MS],
  ])("after %d ms, of a worker that lived %d ms, is %d ms", (delay, lived, next) => {
    expect(nextRestartDelay(delay, lived)).toBe(next);
  });
});
