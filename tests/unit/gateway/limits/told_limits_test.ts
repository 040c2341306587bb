import { describe, expect, test } from "bun:test";
import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import type { Ledger } from "../../../../lib/gateway/ledger/ledger.ts";
import { MemoryStore } from "../../../../lib/gateway/ledger/memory/memory_store.ts";
import { hold } from "../../../../lib/gateway/ledger/hold.ts";
import { narrowByRule, permitsUnder } from "../../../../lib/gateway/admission/policy_layers.ts";
import type { UploadLimits } from "../../../../lib/gateway/body/upload_limits.ts";
import { InboundRequest } from "../../../../lib/gateway/inbound.ts";
import type { CheckedRequest } from "../../../../lib/gateway/model/checked_request.ts";
import type { Grant } from "../../../../lib/gateway/model/grant.ts";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { policyOf } from "../policy/policy_gateway.ts";
import { ruleFor } from "../tokens/token_gateway.ts";
import { limitedGateway } from "./limited_gateway.ts";

describe("what is left is told", () => {
  test("of the tightest limit, in place of the upstream's", async () => {
    const headers = { RateLimit: '"theirs";r=1', "RateLimit-Policy": '"theirs";q=5' };
    const gateway = limitedGateway({}, { answer: () => new Response("a", { headers }) });
    const counted = await gateway.ask(gateway.token({ uses: 10, rate: "60/min burst 50" }));
    expect(counted.headers.get("ratelimit")).toBe('"uses";r=9');
    expect(counted.headers.get("ratelimit-policy")).toBe('"uses";q=10');
    const free = await gateway.ask(gateway.token({}));
    expect(free.headers.get("ratelimit")).toBe('"theirs";r=1');
  });

  test("in a refusal, with the time to wait", async () => {
    const gateway = limitedGateway();
    const token = gateway.token({ rate: "1/min" });
    await gateway.ask(token);
    const { headers } = await gateway.ask(token);
    expect(headers.get("ratelimit")).toBe('"rate";r=0;t=60');
    expect(headers.get("ratelimit-policy")).toBe('"rate";q=1;w=60');
    expect(headers.get("retry-after")).toBe("60");
  });

  test("for at most a minute", async () => {
    const gateway = limitedGateway();
    const token = gateway.token({ rate: "1/day" });
    await gateway.ask(token);
    const { headers } = await gateway.ask(token);
    expect(headers.get("retry-after")).toBe("60");
    expect(headers.get("retry-after-ms")).toBe("60000");
  });

  test("to pages", async () => {
    const gateway = limitedGateway({ cors: { expose: ["X-A"] } });
    const { headers } = await gateway.ask(gateway.token({ uses: 1 }));
    const exposed = headers.get("access-control-expose-headers");
    for (const name of ["RateLimit", "RateLimit-Policy", "Retry-After", "Retry-After-Ms"]) {
      expect(exposed?.split(", ")).toContain(name);
    }
  });
});

describe("a refusal has the form of the API", () => {
  test.each([
    ["openai", { error: { type: "permission_error", code: "uses_exhausted" } }],
    ["anthropic", { type: "error", error: { type: "permission_error" } }],
    ["google", { error: { code: 403, status: "PERMISSION_DENIED" } }],
  ] as const)("of %s", async (provider, expected) => {
    const rule = { ...ruleFor("https://api.example.com/v1/"), provider };
    const gateway = limitedGateway({ upstreams: [rule] });
    const token = gateway.token({ uses: 1 });
    await gateway.ask(token);
    const { text, headers } = await gateway.ask(token);
    expect(JSON.parse(text)).toMatchObject(expected);
    expect(headers.get("x-should-retry")).toBe("false");
  });

  test("that is too fast, for Google's clients", async () => {
    const rule = { ...ruleFor("https://api.example.com/v1/"), provider: "google" as const };
    const gateway = limitedGateway({ upstreams: [rule] });
    const token = gateway.token({ rate: "1/h" });
    await gateway.ask(token);
    const { text } = await gateway.ask(token);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 429, status: "RESOURCE_EXHAUSTED" } });
  });
});

describe("without its store", () => {
  const broken = () =>
    createLedger({
      store: { run: () => Promise.reject(new Error("gone")) },
      timers: new TimerWheel(),
    });

  test("a gateway refuses what counts, and goes on with the rest", async () => {
    const gateway = limitedGateway({}, { ledger: broken() });
    const { status, code, headers } = await gateway.ask(gateway.token({ uses: 1 }));
    expect([status, code]).toEqual([503, "ledger_unavailable"]);
    expect(headers.get("x-should-retry")).toBe("false");
    expect(gateway.fetched).toEqual([]);
    expect((await gateway.ask(gateway.token({}))).status).toBe(200);
    expect(gateway.errors).toEqual([]);
  });

  test("a request that does not count makes no call", async () => {
    const calls: string[] = [];
    const ledger = new Proxy({} as Ledger, {
      get: (_, name) => (calls.push(String(name)), undefined),
    });
    const gateway = limitedGateway({}, { ledger });
    expect((await gateway.ask(gateway.token({ seconds: 5, on_abort: "drain" }))).status).toBe(200);
    expect(calls).toEqual([]);
  });
});

describe("on_abort", () => {
  const url = new URL("https://api.example/");
  const requested = { method: "GET", url };
  const inbound = new InboundRequest(new Request(url), {}, {} as UploadLimits);
  const charge = policyOf("charge", { on_abort: "charge" });
  const drain = policyOf("drain", { on_abort: "drain" });
  const none = policyOf("none", { seconds: 5 });

  test("is that of the last policy, or else the token's", () => {
    expect(permitsUnder([{ onAbort: "charge" }, none], requested).onAbort).toBe("charge");
    expect(permitsUnder([{ onAbort: "charge" }, drain, none], requested).onAbort).toBe("drain");
    expect(permitsUnder([{}, none], requested)).not.toHaveProperty("onAbort");
  });

  test.each<[ofRule: Partial<UpstreamRule>, expected: string]>([
    [{}, "charge"],
    [{ policies: [none] }, "charge"],
    [{ policies: [drain] }, "drain"],
    [{ onAbort: "drain" }, "drain"],
    [{ policies: [charge], onAbort: "drain" }, "drain"],
  ])("is that of the rule %j", (ofRule, expected) => {
    const rule: UpstreamRule = { url, headers: [], ...ofRule };
    const grant: Grant = {
      principal: { id: "web", upstreams: [rule] },
      credential: { scheme: "token" },
      permits: { onAbort: "charge" },
      target: url,
      coveredHeaders: [],
    };
    expect(narrowByRule(grant, rule, inbound).permits.onAbort).toBe(expected as "charge");
  });
});

test("a cap is lowered to what is left", async () => {
  const ledger = createLedger({ store: new MemoryStore(), timers: new TimerWheel() });
  const caps: number[] = [];
  const checked: CheckedRequest = {
    edits: [],
    hasBody: true,
    bound: {
      inputTokens: 100,
      multiplicity: 2,
      elastic: { least: 16, most: 800, isAsked: true },
    },
    lowerCap: (cap) => caps.push(cap),
  };
  const url = new URL("https://api.example/");
  const rule = { url, headers: [], limits: { tokens: { limit: 1000 } } };
  const admission = {
    grant: {
      principal: { id: "web", upstreams: [rule] },
      credential: { scheme: "none" as const },
      permits: {},
      target: url,
      coveredHeaders: [],
    },
    target: { url, rule },
  };
  const parts = { ledger, now: Date.now };
  const first = await hold(parts, admission, checked);
  expect(first?.reservation.granted).toBe(450);
  expect(caps).toEqual([450]);
  await expect(hold(parts, admission, checked)).rejects.toMatchObject({
    code: "budget_reserved",
    details: { retryAfterMs: expect.any(Number) },
  });
  first?.reservation.settle({ tokens: 150 });
  const second = await hold(parts, admission, checked);
  expect(second?.reservation.granted).toBe(375);
  second?.reservation.settle({ tokens: 900 });
  await expect(hold(parts, admission, checked)).rejects.toMatchObject({ code: "tokens_exhausted" });
});
