import { expect, test } from "bun:test";
import { createTextClock } from "../../../../lib/runtime/observe/text_clock.ts";

test("createTextClock writes each millisecond as Date does, also when the clock is set back", () => {
  const times = [0, 0, 1_782_907_200_007, 1_782_907_200_007, 1_782_907_200_008, 0];
  let index = 0;
  const textOfNow = createTextClock(() => times[index++]!);
  const texts = times.map(() => textOfNow());
  expect(texts).toEqual(times.map((time) => new Date(time).toISOString()));
});
