import { afterAll, describe, expect, test } from "bun:test";
import type { EarlyEnd } from "../../../../lib/gateway/delivery/early_end.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { chunk, type Step } from "../../../support/raw_upstream.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { DEMANDS } from "./counted_gateway.ts";
import { EVENTS, headOf, received, Stages } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const PLAIN = headOf("text/plain");

const event = (size: number, end = "\n\n") => `data: ${"x".repeat(size - 6 - end.length)}${end}`;
describe("an exchange that ends early", () => {
  const early: EarlyEnd[] = [];
  const revocable = {
    isUncounted: true,
    onRevocable: (it: EarlyEnd) => void early.push(it),
  };

  /** What comes of a stream that is ended when its client has got all of the steps. */
  async function endedAfter(
    steps: Step[],
    code: "app_unknown" | "ledger_unavailable",
    path?: string,
  ) {
    const { gateway } = await stages.start(steps, { ...revocable, rule: ruleFor(path) });
    early.length = 0;
    const receiving = received(gateway, path);
    await waitFor("the exchange", () => early[0]);
    await Bun.sleep(80);
    early[0]!.end(new GatewayError(code, "a test"));
    const result = await receiving;
    return { ...result, record: await gateway.ended() };
  }

  const ruleFor = (path = "") =>
    ({
      provider: /messages/.test(path) ? "anthropic" : /Content/.test(path) ? "google" : "openai",
    }) as const;

  const MESSAGE = /"message":"[^"]{20,}"/;
  test.each([
    ["/v1/chat/completions", /^data: \{"error":\{[^\n]+\}\n\n$/],
    ["/v1/responses", /^event: error\ndata: \{[^\n]+\}\n\n$/],
    ["/v1/messages", /^event: error\ndata: \{"type":"error","error":\{[^\n]+\}\n\n$/],
    [
      "/v1beta/models/m:streamGenerateContent?alt=sse",
      /^\{"error":\{"code":403[^\n]+\}\n\ndata: \{"error":\{"code":403[^\n]+\}\n\n$/,
    ],
  ])("in events of %s, ends in an error that its clients read", async (path, form) => {
    const { status, body, isWhole, record } = await endedAfter(
      [EVENTS + chunk(event(50))],
      "app_unknown",
      path,
    );
    expect([status, isWhole, body.slice(0, 50)]).toEqual([200, true, event(50)]);
    expect(body.slice(50)).toMatch(form);
    expect(body.slice(50)).toMatch(MESSAGE);
    expect(record).toMatchObject({ outcome: "refused", code: "app_unknown", bytesOut: 50 });
  });

  test.each([
    ["half of an event", event(50), event(50).slice(0, 30)],
    ["an event without its blank line", event(50), event(50).slice(0, -1)],
    ["half of an event with CRLF", event(50, "\r\n\r\n"), event(50).slice(0, 30)],
    ["an event of which the LF is missing", event(50, "\r\n\r\n").slice(0, -1), ""],
    ["a comment", ": ping\n\n", ": pi"],
  ])("drops the rest of an event: %s", async (_, whole, rest) => {
    const { body, isWhole } = await endedAfter([EVENTS + chunk(whole + rest)], "app_unknown");
    expect([isWhole, body.startsWith(whole)]).toEqual([true, true]);
    expect(body.slice(whole.length)).toMatch(/^data: \{"error":[^\n]+\n\n$/);
  });

  test.each([
    ["another body", PLAIN, "/v1/chat/completions"],
    ["events of an unknown operation", EVENTS, "/v1/other"],
    [
      "events with a coding",
      EVENTS.replace("Transfer", "Content-Encoding: gzip\r\nTransfer"),
      "/v1/chat/completions",
    ],
    ["a list of JSON", PLAIN, "/v1beta/models/m:streamGenerateContent"],
  ])("as %s, breaks off", async (_, head, path) => {
    const { status, body, isWhole, record } = await endedAfter(
      [head + chunk(event(50))],
      "app_unknown",
      path,
    );
    expect([status, body, isWhole]).toEqual([200, event(50), false]);
    expect(record).toMatchObject({ outcome: "refused", code: "app_unknown" });
  });

  test.each([
    ["before the head of its upstream", []],
    ["before the first piece of its upstream", [EVENTS]],
    ["in a short body", [`HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf`]],
  ])("%s, is a refusal", async (_, steps) => {
    const { status, body, record } = await endedAfter(steps, "ledger_unavailable");
    expect([status, JSON.parse(body).code]).toEqual([503, "ledger_unavailable"]);
    expect(record).toMatchObject({ code: "ledger_unavailable" });
  });

  test("has its upstream cut off", async () => {
    const { gateway, upstream } = await stages.start([EVENTS + chunk(event(50))], revocable);
    early.length = 0;
    const receiving = received(gateway);
    await waitFor("the exchange", () => early[0]);
    await Bun.sleep(50);
    early[0]!.end(new GatewayError("app_unknown"));
    await receiving;
    await waitFor("the end", () => upstream.connections[0]!.ended());
  });
});

describe("seconds", () => {
  test("end events in an error that clients read, also after heartbeats", async () => {
    for (const steps of [[EVENTS + chunk(event(50))], [EVENTS, 500, chunk(event(50))]]) {
      const { gateway } = await stages.start(steps, {
        isUncounted: true,
        permits: { seconds: 1 },
        delivery: { sseHeartbeat: 0.3 },
      });
      const { status, body, isWhole } = await received(gateway);
      expect([status, isWhole]).toEqual([200, true]);
      const [last, ...others] = body.split("\n\n").reverse().slice(1);
      expect(others.length).toBeGreaterThan(0);
      expect(last!.replaceAll(":\n", "")).toMatch(/^data: \{"error":\{.*"code":"upstream_timeout"/);
      expect(await gateway.ended()).toMatchObject({
        outcome: "upstream_truncated",
        code: "upstream_timeout",
      });
    }
  });

  test("do not end what max_duration ends before in this form", async () => {
    const { gateway } = await stages.start([EVENTS + chunk(event(50))], {
      isUncounted: true,
      permits: { seconds: 10 },
      delivery: { maxDuration: 0.3 },
    });
    expect(await received(gateway)).toMatchObject({ body: event(50), isWhole: false });
  });
});

describe("a lease that is lost", () => {
  /** A store that stops to confirm heartbeats when it is told to. */
  const losing = (isHeld: () => boolean) => ({ isHeld });

  test("ends the stream before another byte", async () => {
    const next = Promise.withResolvers<void>();
    const { gateway } = await stages.start(
      [EVENTS + chunk(event(50)), () => next.promise, chunk(event(50))],
      {
        demands: [DEMANDS.concurrent],
      },
    );
    let isHeld = true;
    const receiving = received(gateway);
    const transfer = await waitFor("the exchange", () => gateway.transfers[0]);
    Object.assign(
      transfer.reservation!,
      losing(() => isHeld),
    );
    await Bun.sleep(80);
    isHeld = false;
    next.resolve();
    const { body } = await receiving;
    expect(body.slice(50)).toMatch(/^data: \{"error":.*"code":"ledger_unavailable"/);
    expect(await gateway.ended()).toMatchObject({ code: "ledger_unavailable" });
  });

  test.each([
    ["events", [EVENTS + chunk(event(50))], 200],
    ["no head", [], 503],
  ])("ends an exchange that waits, with %s", async (_, steps, status) => {
    const { gateway, upstream } = await stages.start(steps, { demands: [DEMANDS.concurrent] });
    const receiving = received(gateway);
    const transfer = await waitFor("the exchange", () => gateway.transfers[0]);
    await waitFor("the request", () => upstream.requests[0]);
    await Bun.sleep(80);
    (transfer.reservation as unknown as { lose: () => void }).lose();
    const response = await receiving;
    expect(response.status).toBe(status);
    expect(response.body).toContain("ledger_unavailable");
    await waitFor("the upstream's end", () => upstream.connections[0]!.ended());
  });
});
