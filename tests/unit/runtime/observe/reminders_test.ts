import { expect, test } from "bun:test";
import { Reminders } from "../../../../lib/runtime/observe/reminders.ts";

test("Reminders are due once a minute for each key", () => {
  let now = 0;
  const reminders = new Reminders(() => now);
  const due = (...keys: string[]) => keys.filter((key) => reminders.isDue(key));
  expect(due("a", "a", "b")).toEqual(["a", "b"]);
  now = 30_000;
  expect(due("a", "b", "c")).toEqual(["c"]);
  now = 60_000;
  expect(due("a", "b", "c")).toEqual(["a", "b"]);
  now = 90_000;
  expect(due("a", "b", "c")).toEqual(["c"]);
});
