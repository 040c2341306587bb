import { describe, expect, test } from "bun:test";
import { Exchange } from "../../../../lib/gateway/record/exchange.ts";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { GATEWAY, gatewayUnderTest, signed, type UnderTestOptions } from "../in_process_gateway.ts";

/** An exchange whose clock is set by hand. */
function startAt(time: number, headers: HeadersInit = {}) {
  const clock = { time };
  const records: ExchangeRecord[] = [];
  const errors: unknown[] = [];
  const exchange = new Exchange(new Request(GATEWAY, { headers }), {
    ticks: () => clock.time,
    timers: new TimerWheel(),
    observer: { end: (record) => records.push({ ...record }) },
    onError: (...error) => errors.push(error),
  });
  return { exchange, clock, records, errors };
}

describe("an exchange", () => {
  test("measures from the start to the head and to the end, in milliseconds", () => {
    const { exchange, clock, records } = startAt(1000);
    clock.time = 1012.3456;
    exchange.headReady(200);
    clock.time = 1050.004;
    exchange.end("complete");
    expect(records).toMatchObject([
      { status: 200, headMs: 12.35, durationMs: 50, outcome: "complete" },
    ]);
  });

  test("hands the record over once, with the first outcome", () => {
    const { exchange, records } = startAt(0);
    exchange.end("client_gone");
    exchange.end("complete");
    exchange.end("upstream_truncated");
    expect(records.map(({ outcome }) => outcome)).toEqual(["client_gone"]);
  });

  test("calls each callback at its end and hands the record over, whichever of them throws", () => {
    const { exchange, records, errors } = startAt(0, { "X-Request-Id": "a" });
    const called: number[] = [];
    const failures = [new Error("first"), new Error("third")];
    exchange.onEnd(() => {
      throw failures[0];
    });
    exchange.onEnd(() => called.push(2));
    exchange.onEnd(() => {
      throw failures[1];
    });
    exchange.onEnd(() => called.push(4));
    exchange.end("complete");
    expect([called, records.length]).toEqual([[2, 4], 1]);
    expect(errors).toEqual(failures.map((failure) => [failure, "a"]));
  });

  test("reports what its observer throws", () => {
    const failure = new Error("no disk");
    const errors: unknown[] = [];
    const exchange = new Exchange(new Request(GATEWAY), {
      ticks: () => 0,
      timers: new TimerWheel(),
      observer: {
        end() {
          throw failure;
        },
      },
      onError: (error) => errors.push(error),
    });
    exchange.end("complete");
    expect(errors).toEqual([failure]);
  });

  test("calls back at once when it has ended", () => {
    const { exchange } = startAt(0);
    exchange.end("complete");
    let calls = 0;
    exchange.onEnd(() => calls++);
    exchange.end("complete");
    expect(calls).toBe(1);
  });

  test.each(["a", "0af7651916cd43dd8448eb211c80319c", "req_1.2:3+4=5/6-7", "x".repeat(128)])(
    "takes over the request id %s",
    (id) => {
      const { exchange } = startAt(0, { "X-Request-Id": id });
      expect(exchange.requestId).toBe(id);
    },
  );

  test.each(["", "a b", "x".repeat(129), '"', "<script>", "a,b", "{}", "caf\xe9", "a;b", "a\tb"])(
    "makes a request id in place of %j",
    (id) => {
      const { exchange } = startAt(0, { "X-Request-Id": id });
      expect(exchange.requestId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    },
  );
});

const truncated = () =>
  new Response(
    new ReadableStream({
      start: (controller) => controller.enqueue(Buffer.from("part")),
      pull: (controller) => controller.error(new Error("reset")),
    }),
  );

describe("every exchange leaves one record", () => {
  const body = "hello";
  test.each<[string, () => Request, UnderTestOptions, Partial<ExchangeRecord>]>([
    [
      "an answer",
      () => signed(),
      {},
      {
        app: CREDENTIAL.id,
        upstream: "https://api.example.com/v1/items",
        status: 200,
        bytesOut: 6,
      },
    ],
    [
      "an answer with a length",
      () => signed(),
      { answer: () => new Response("four", { headers: { "content-length": "4" } }) },
      { bytesOut: 4, outcome: "complete" },
    ],
    [
      "a request with a body",
      () => signed({ method: "POST", body, headers: { "content-length": "5" } }),
      {},
      { method: "POST", bytesIn: 5 },
    ],
    [
      "a signed body",
      () => signed({ method: "POST", body, sign: { body, headers: { "content-length": "5" } } }),
      {},
      { bytesIn: 5, outcome: "complete" },
    ],
    [
      "an error of the upstream",
      () => signed(),
      { answer: () => new Response("no", { status: 500 }) },
      { status: 500, outcome: "complete" },
    ],
    [
      "no content",
      () => signed(),
      { answer: () => new Response(null, { status: 204 }) },
      { status: 204, bytesOut: 0, outcome: "complete" },
    ],
    [
      "the upstream's own id",
      () => signed(),
      { answer: () => new Response("", { headers: { "x-request-id": "theirs" } }) },
      { upstreamRequestId: "theirs" },
    ],
    [
      "a cut answer",
      () => signed(),
      { answer: truncated },
      { status: 200, outcome: "upstream_truncated" },
    ],
    [
      "a refusal of a signature",
      () => signed({ sign: { secret: "another" } }),
      {},
      { app: CREDENTIAL.id, status: 400, code: "signature_mismatch", outcome: "refused" },
    ],
    [
      "a refusal without a credential",
      () => new Request(GATEWAY),
      {},
      { status: 400, code: "signature_missing", outcome: "refused" },
    ],
    [
      "a refused target",
      () => signed({ target: "https://elsewhere.example.com/" }),
      {},
      { app: CREDENTIAL.id, status: 403, code: "target_not_allowed", outcome: "refused" },
    ],
    [
      "a failure of the upstream",
      () => signed(),
      { answer: () => Promise.reject(new GatewayError("upstream_broken", "ECONNRESET")) },
      { status: 502, code: "upstream_broken", reason: "ECONNRESET", outcome: "upstream_failed" },
    ],
    [
      "what nobody foresaw",
      () => signed(),
      { answer: () => Promise.reject(new Error("boom")) },
      { status: 500, code: "internal_error", outcome: "internal_error" },
    ],
  ])("%s", async (_, request, options, expected) => {
    const gateway = gatewayUnderTest(options);
    const response = await gateway.send(request());
    await response.text().catch(() => {});
    expect(gateway.records).toHaveLength(1);
    expect(gateway.records[0]).toMatchObject(expected);
    expect(response.headers.get("x-sw-request-id")).toBe(gateway.records[0]?.requestId ?? "");
  });
});

test("a response that no upstream gave has the gateway's id alone", async () => {
  const headers = { "X-Request-Id": "of-a-hook", "X-Sw-Request-Id": "of-a-hook" };
  const gateway = gatewayUnderTest({
    hooks: { onRequest: () => new Response("early", { headers }) },
  });
  const response = await gateway.send(signed());
  expect(await response.text()).toBe("early");
  const id = gateway.records[0]!.requestId;
  for (const name of Object.keys(headers)) expect(response.headers.get(name)).toBe(id);
});

test("a reason is written only where it says more than the code", async () => {
  const gateway = gatewayUnderTest({ phase: () => "draining" });
  await gateway.send(signed());
  expect(gateway.records[0]).not.toHaveProperty("reason");
});

describe("a record holds nothing that is secret", () => {
  const target = "https://api.example.com/v1/items?token=canary-query#canary-fragment";
  test.each<[string, UnderTestOptions, string | undefined]>([
    ["of an answer", {}, undefined],
    ["of a wrong signature", {}, "another"],
    ["of a refused target", { upstreams: [] }, undefined],
    ["of a failure", { answer: () => Promise.reject(new Error("canary-message")) }, undefined],
  ])("%s", async (_, options, secret) => {
    const gateway = gatewayUnderTest(options);
    const headers = { Cookie: "canary-cookie", "X-Foo": "canary-header" };
    const sign = { ...(secret && { secret }) };
    const response = await gateway.send(signed({ target, headers, sign }));
    await response.text();
    const text = JSON.stringify(gateway.records);
    expect(gateway.records).toHaveLength(1);
    expect(text).not.toMatch(/canary|injected|X-Sw-|[0-9a-f]{64}/);
    expect(text).not.toContain(CREDENTIAL.secret);
  });
});
