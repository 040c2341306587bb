import { describe, expect, test } from "bun:test";
import { assertDemands } from "../../../../lib/gateway/ledger/assert_demands.ts";
import type { BudgetDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { applyTo, type CountedRequest, refusalOf } from "./counted.ts";

const MOST = 1_000_000_000;
const HUGE = [MOST + 1, 9_007_199_254_740_991];

const messages = [{ role: "user", content: "Hi" }];
const chat = (more: object): CountedRequest => ({
  body: { model: "no-window", messages, ...more },
});
const responses = (more: object): CountedRequest => ({
  url: "https://api.openai.com/v1/responses",
  body: { model: "no-window", input: "Hi", ...more },
});
const anthropic = (more: object): CountedRequest => ({
  url: "https://api.anthropic.com/v1/messages",
  body: { model: "known", messages, ...more },
});
const google = (generationConfig: object): CountedRequest => ({
  url: "https://generativelanguage.googleapis.com/v1beta/models/known:generateContent",
  body: { contents: [{ role: "user", parts: [{ text: "Hi" }] }], generationConfig },
});

/** Each member that is a count, in a request with a value for it. */
const COUNTS: readonly [string, (value: number) => CountedRequest][] = [
  ["max_completion_tokens", (value) => chat({ max_completion_tokens: value })],
  ["max_tokens", (value) => chat({ max_tokens: value })],
  ["n", (n) => chat({ n, max_tokens: MOST })],
  ["best_of", (value) => chat({ best_of: value })],
  ["max_output_tokens", (value) => responses({ max_output_tokens: value })],
  ["max_tokens", (value) => anthropic({ max_tokens: value })],
  [
    "thinking.budget_tokens",
    (value) => anthropic({ thinking: { type: "enabled", budget_tokens: value } }),
  ],
  ["generationConfig.maxOutputTokens", (value) => google({ maxOutputTokens: value })],
  ["generationConfig.candidateCount", (value) => google({ candidateCount: value })],
];

describe("a count of at most a billion", () => {
  test.each(COUNTS)("is one that a ledger compares: %s", async (_, request) => {
    const policy = { allow: ["n"] };
    const { bound } = (await applyTo({ ...request(MOST), policy })).checked;
    const { inputTokens: fixed, multiplicity: unit, elastic, cost } = bound!;
    const tokens: BudgetDemand = { scope: APP_SCOPE, counter: "tokens", limit: 1, fixed, unit };
    const money: BudgetDemand = {
      ...tokens,
      counter: "cost",
      fixed: cost!.input,
      unit: unit * cost!.perOutputToken,
    };
    assertDemands({ app: "web", demands: [tokens, money], elastic: elastic! });
    expect(elastic!.most).toBeLessThanOrEqual(2 * MOST);
  });

  describe.each(HUGE)("is not %d", (value) => {
    test.each(COUNTS)("%s", async (param, request) => {
      const counted = { ...request(value), policy: { allow: ["n"] } };
      expect(await refusalOf(counted)).toMatchObject({ code: "policy_violation", param });
      const counts = "nothing";
      expect(await refusalOf({ ...counted, counts })).toMatchObject({ param });
    });
  });
});
