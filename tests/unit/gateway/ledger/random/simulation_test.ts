import { expect, test } from "bun:test";
import { simulate } from "../../../../support/ledger/simulation/simulate.ts";

test("limits hold over a bad network, with stopped, cut off and killed processes and births", async () => {
  const { schedules, served, refusals } = await simulate({ seconds: 6 });
  expect(schedules).toBeGreaterThan(50);
  expect(served).toBeGreaterThan(schedules / 2);
  expect([...refusals.keys()]).toContain("ledger_unavailable");
}, 60_000);
