import { describe, expect, test } from "bun:test";
import { describeCounters } from "../../../../lib/signing/explain/describe_counters.ts";
import type { CounterLimits } from "../../../../lib/signing/verify.ts";
import { explainToken } from "../../../../lib/signing/explain.ts";
import { NOW, SECRET, withClaims } from "./planted_tokens.ts";

describe("describeCounters", () => {
  test.each<[CounterLimits, string[]]>([
    [{}, []],
    [{ uses: 1 }, ["1 request in all"]],
    [{ uses: 20 }, ["20 requests in all"]],
    [{ rate: { count: 1, period: "s", burst: 1 } }, ["1 request per second with a burst of 1"]],
    [
      { rate: { count: 60, period: "min", burst: 6 } },
      ["60 requests per minute with a burst of 6"],
    ],
    [{ rate: { count: 9, period: "h", burst: 1 } }, ["9 requests per hour with a burst of 1"]],
    [{ rate: { count: 9, period: "day", burst: 1 } }, ["9 requests per day with a burst of 1"]],
    [{ concurrent: 1, bytes: 1 }, ["1 exchange at once", "1 byte of responses in all"]],
    [{ tokens: { limit: 5 }, cost: { limit: 5e7 } }, ["5 LLM tokens in all", "$0.05 in all"]],
    [
      { tokens: { limit: 1, period: "day" }, cost: { limit: 5e10, period: "month" } },
      ["1 LLM token per day", "$50 per month"],
    ],
  ])("%j", (limits, expected) => expect(describeCounters(limits)).toEqual(expected));
});

test("explainToken says what a token may use", async () => {
  const sw = { uses: 3, rate: "10/s", on_abort: "drain" };
  const token = withClaims({ jti: "1", sw });
  const { accepted, parts } = await explainToken(token, { secrets: [SECRET], now: NOW });
  expect(accepted).toBe(true);
  expect(parts?.grants).toEqual([
    "It may send every request that the gateway's rules allow.",
    "Pages of every origin and programs may use it.",
    "The client may have any address.",
    "An exchange may last as long as the gateway allows.",
    "It is limited to 3 requests in all.",
    "It is limited to 10 requests per second with a burst of 1.",
    "An exchange that is aborted costs what the API reports: its answer is read to the end.",
    "A request may say anything that the gateway's rules allow.",
  ]);
});
