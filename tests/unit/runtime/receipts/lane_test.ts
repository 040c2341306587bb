import { expect, test } from "bun:test";
import { Lane } from "../../../../lib/runtime/receipts/lane.ts";

test("a free place goes to the next app when the one before takes it no more", () => {
  const told: string[] = [];
  const lane = new Lane(1, (app) => {
    told.push(app);
    if (app !== "gone") lane.enter(app);
  });
  const turn = lane.enter("first")!;
  for (const app of ["gone", "second", "third"]) expect(lane.enter(app)).toBeUndefined();
  turn.leave();
  expect(told).toEqual(["gone", "second"]);
});
