import { expect, test } from "bun:test";
import { memorySubject } from "../../../../support/ledger/memory_subject.ts";
import type { Plan, RequestPlan } from "../../../../support/ledger/simulation/plan.ts";
import { simulate } from "../../../../support/ledger/simulation/simulate.ts";
import { World } from "../../../../support/ledger/simulation/world.ts";

test("limits hold over a bad network, with stopped, cut off and killed processes and births", async () => {
  const { schedules, served, refusals } = await simulate({ count: 250 });
  expect(schedules).toBe(250);
  expect(served).toBeGreaterThan(schedules / 2);
  expect([...refusals.keys()]).toContain("ledger_unavailable");
}, 120_000);

// What random schedules have found, without what does not matter.
const request: RequestPlan = {
  at: 0,
  gateway: 0,
  token: 0,
  isOld: false,
  input: 0,
  asked: 0,
  multiplicity: 1,
  output: 0,
  chunks: 1,
  pause: 10,
  size: 0,
  end: "complete",
};
const calm = { seed: 0, loss: 0, late: 0, beforeMidnight: 60_000 };

test.each<[string, Plan]>([
  [
    "an exchange of five minutes that begins when its process goes on",
    {
      ...calm,
      requests: [{ ...request, at: 100_000, gateway: 1, chunks: 8, pause: 40_000 }, request],
      faults: [{ at: 100_000, gateway: 1, ms: 74_947, kind: "stop" }],
    },
  ],
])("limits hold, and everything comes to rest: %s", async (_, plan) => {
  const world = new World(plan, memorySubject);
  await world.run();
  expect(world.exchanges.filter(({ served }) => served?.isOpen === false)).toHaveLength(2);
});
