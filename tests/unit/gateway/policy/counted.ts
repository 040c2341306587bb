import { BodyBudget } from "../../../../lib/gateway/body/body_budget.ts";
import { InboundRequest } from "../../../../lib/gateway/inbound.ts";
import type { CheckedRequest } from "../../../../lib/gateway/model/checked_request.ts";
import type { Admission } from "../../../../lib/gateway/model/grant.ts";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import type { Counts } from "../../../../lib/gateway/model/counts.ts";
import { createPolicies } from "../../../../lib/gateway/policy/policies.ts";
import { createUsageWatch } from "../../../../lib/gateway/policy/watch_usage.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { createBuiltInPrices } from "../../../../lib/gateway/usage/builtin_prices.ts";
import { type OwnPrices, withOwnPrices } from "../../../../lib/gateway/usage/prices.ts";
import { NOW } from "../tokens/token_gateway.ts";

const MILLION = { input_mtok: 1, output_mtok: 4 };

/** The prices of the tests: a dollar for a million input tokens, four for output. */
export const PRICES: OwnPrices = {
  openai: {
    known: { prices: MILLION, contextWindow: 100_000 },
    "no-window": { prices: MILLION },
    dear: { prices: { input_mtok: 2, output_mtok: 8 } },
    embedder: { prices: { input_mtok: 0.02 } },
  },
  azure: {
    known: { prices: MILLION, contextWindow: 100_000 },
    dear: { prices: { input_mtok: 2, output_mtok: 8 } },
    embedder: { prices: { input_mtok: 0.02 } },
  },
  anthropic: { known: { prices: { ...MILLION, cache_write_mtok: 1.25 }, contextWindow: 100_000 } },
  google: { known: { prices: MILLION, contextWindow: 100_000 } },
  bedrock: { "anthropic.known": { prices: MILLION, contextWindow: 100_000 } },
};

/** A request of which something is counted. */
export interface CountedRequest {
  /** Default: chat of OpenAI. */
  url?: string;
  body?: unknown;
  /** Default: tokens and cost. */
  counts?: Counts | "nothing";
  /** The keys of a policy. Default: none applies. */
  policy?: { allow?: string[]; maxOutputTokens?: number; onExcess?: "refuse"; models?: string[] };
  rule?: Partial<UpstreamRule>;
  headers?: Record<string, string>;
}

/** What became of it. */
export interface CountedResult {
  checked: CheckedRequest;
  /** The body as it is sent, now and after the cap was lowered. */
  sent: () => any;
  bytes: () => number;
}

export const CHAT_URL = "https://api.openai.com/v1/chat/completions";

/** Applies the policy step as the gateway does. */
export async function applyTo(request: CountedRequest): Promise<CountedResult> {
  const { url = CHAT_URL, body, counts = { tokens: true, cost: true }, policy } = request;
  const target = new URL(url);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const headers = { "content-type": "application/json", ...request.headers };
  const timers = new TimerWheel();
  const inbound = new InboundRequest(
    new Request("https://edge.example.net/", {
      method: body === undefined ? "GET" : "POST",
      ...(body !== undefined && { body: text, headers }),
      ...(body === undefined && { headers: request.headers ?? {} }),
    }),
    {},
    {
      idleTimeout: 0,
      maxDuration: 0,
      timers,
      unverified: new BodyBudget("unverified_limit"),
      checked: new BodyBudget("policy_bodies_limit"),
      maxUnverified: 2 ** 26,
    },
  );
  const admission: Admission = {
    grant: {
      principal: { id: "web", upstreams: [] },
      credential: { scheme: "token" },
      permits: {},
      target,
      coveredHeaders: [],
    },
    target: { url: target, rule: { url: new URL(target.origin), headers: [], ...request.rule } },
  };
  const prices = withOwnPrices(PRICES, createBuiltInPrices());
  const now = () => NOW * 1000;
  const watchUsage = createUsageWatch({ prices, now });
  const apply = createPolicies({ maxPolicyBody: 2 ** 24, prices, watchUsage, now });
  const counted = counts === "nothing" ? undefined : counts;
  const layers = policy ? [{ policy, mayLackBody: false }] : [];
  const checked = await apply(inbound, admission, { layers, counts: counted, lifetime: Infinity });
  return {
    checked,
    sent: () => JSON.parse(new TextDecoder().decode(inbound.body.known)),
    bytes: () => inbound.body.known!.length,
  };
}

/** The error with which a request is refused. */
export async function refusalOf(request: CountedRequest): Promise<any> {
  try {
    await applyTo(request);
  } catch (error) {
    return error;
  }
  throw new Error("the request was not refused");
}
