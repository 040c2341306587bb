import { expect, test } from "bun:test";
import { whenRead } from "../../../../lib/gateway/delivery/tunnel/when_read.ts";
import type { Timer } from "../../../../lib/gateway/time/timer_wheel.ts";

/** An end that reads so much between two checks, and the answer with the time that it took. */
function wait(reads: readonly number[], sent: number, patience = 3000) {
  let now = 0;
  let next: { callback: () => void; ms: number } | undefined;
  const timers = {
    now: () => now,
    start: (callback: () => void, ms: number) => ((next = { callback, ms }), {} as Timer),
    stop: () => (next = undefined),
  };
  let answer: boolean | undefined;
  whenRead({ waiting: () => sent }, { timers, patience }, (isRead) => {
    answer = isRead;
  });
  for (let index = 0; next; index++) {
    const { callback, ms } = next;
    next = undefined;
    now += ms;
    sent -= reads[index] ?? 0;
    callback();
  }
  return { answer, now };
}

const every = (checks: number, size: number, count: number): number[] =>
  Array.from({ length: count * checks }, (_, index) => (index % checks === checks - 1 ? size : 0));

test.each<[what: string, ...Parameters<typeof wait>, answer: boolean, time: number]>([
  ["nothing waits", [], 0, 3000, true, 0],
  ["it reads all the time", [5, 5], 10, 3000, true, 200],
  ["it reads a little in each 2 seconds", every(20, 1, 10), 10, 3000, true, 20_000],
  ["it reads nothing", [], 10, 3000, false, 3000],
  ["it stops to read", [1, 1], 10, 3000, false, 3200],
  ["it reads nothing within a shorter limit", [], 10, 50, false, 50],
])("whenRead: %s", (_, reads, sent, patience, answer, time) => {
  expect(wait(reads, sent, patience)).toEqual({ answer, now: time });
});

test("whenRead calls nothing back when its wait was ended", () => {
  const started: (() => void)[] = [];
  const timers = {
    now: () => 0,
    start: (callback: () => void) => (started.push(callback), {} as Timer),
    stop: () => void started.pop(),
  };
  const stop = whenRead({ waiting: () => 1 }, { timers, patience: 1 }, () => {
    throw new Error("called back");
  });
  stop();
  expect(started).toEqual([]);
});
