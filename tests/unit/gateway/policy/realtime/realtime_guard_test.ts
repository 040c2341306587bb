import { expect, test } from "bun:test";
import type { EventRules } from "../../../../../lib/gateway/policy/realtime/check_event.ts";
import { RealtimeGuard } from "../../../../../lib/gateway/policy/realtime/realtime_guard.ts";
import { REALTIME } from "../../../../../lib/gateway/providers/openai/realtime.ts";

const RULES: EventRules = {
  allow: new Set(),
  counts: { tokens: true, cost: false },
  form: REALTIME,
  maxOutputTokens: undefined,
  model: "gpt-realtime",
  refusesExcess: false,
  session: undefined,
  system: undefined,
};
const PRICES = { table: { load: () => undefined, find: () => undefined }, now: 0 };
const CREATE = JSON.stringify({ type: "response.create" });
const DONE = JSON.stringify({
  type: "response.done",
  response: { usage: { total_tokens: 2, input_tokens: 1, output_tokens: 1 } },
});

test("RealtimeGuard.read: a response that ends before the next one is reserved is not that one", () => {
  const guard = new RealtimeGuard(RULES, PRICES);
  const { response } = guard.check(CREATE);
  expect(guard.read(DONE)).toBeUndefined();
  response!.withCap(16);
  expect(guard.check(CREATE).reply).toContain("conversation_already_has_active_response");
  expect(guard.read(DONE)).toMatchObject({ tokens: 2 });
  expect(guard.check(CREATE).response).toBeDefined();
});
