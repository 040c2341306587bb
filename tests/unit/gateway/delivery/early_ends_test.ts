import { afterAll, describe, expect, test } from "bun:test";
import type { Endable } from "../../../../lib/gateway/problem/endable.ts";
import type { Holder } from "../../../../lib/gateway/ledger/client/lease.ts";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { frame } from "../../../support/event_frame.ts";
import { chunk, type Step } from "../../../support/raw_upstream.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { DEMANDS } from "./counted_gateway.ts";
import { EVENTS, headOf, received, Stages } from "./counted_stage.ts";

const stages = new Stages();

afterAll(() => stages[Symbol.asyncDispose]());

const PLAIN = headOf("text/plain");
const FRAMES = headOf("application/vnd.amazon.eventstream");
const GZIP = "Content-Encoding: gzip\r\nTransfer";
const CONVERSE = "/model/a.b/converse-stream";

const PROVIDERS = [
  [/messages/, "anthropic"],
  [/Content/, "google"],
  [/converse/, "bedrock"],
] as const;

const event = (size: number, end = "\n\n") => `data: ${"x".repeat(size - 6 - end.length)}${end}`;
describe("an exchange that ends early", () => {
  const early: Endable[] = [];
  const revocable = {
    isUncounted: true,
    opened: { endWith: (it: Endable) => void early.push(it) },
  };

  /** What comes of a stream that is ended when its client has got a text; of none, when its upstream was asked. */
  async function endedAfter(
    steps: Step[],
    code: "app_unknown" | "ledger_unavailable",
    options: { path?: string; got?: string } = {},
  ) {
    const { path, got } = options;
    const { gateway, upstream } = await stages.start(steps, { ...revocable, rule: ruleFor(path) });
    early.length = 0;
    const end = () => early[0]!.end(new GatewayError(code, "a test"));
    const receiving = received(gateway, path, (text) => {
      if (got !== undefined && text.includes(got)) end();
    });
    await waitFor("the request", () => early[0] && upstream.requests[0]);
    if (got === undefined) end();
    const result = await receiving;
    return { ...result, record: await gateway.ended() };
  }

  const ruleFor = (path = "") =>
    ({
      provider: PROVIDERS.find(([part]) => part.test(path))?.[1] ?? "openai",
    }) as const;

  const MESSAGE = /"message":"[^"]{20,}"/;
  test.each([
    ["/v1/chat/completions", /^data: \{"error":\{[^\n]+\}\n\n$/],
    ["/v1/responses", /^event: error\ndata: \{[^\n]+\}\n\n$/],
    ["/v1/messages", /^event: error\ndata: \{"type":"error","error":\{[^\n]+\}\n\n$/],
    [
      "/v1beta/models/m:streamGenerateContent?alt=sse",
      /^\{"error":\{"code":403[^\n]+\}\n\ndata: \{"error":\{"code":403[^\n]+\}\n\n: [^\n]+$/,
    ],
  ])("in events of %s, ends in an error that its clients read", async (path, form) => {
    const { status, body, isWhole, record } = await endedAfter(
      [EVENTS + chunk(event(50))],
      "app_unknown",
      { path, got: event(50) },
    );
    expect([status, isWhole, body.slice(0, 50)]).toEqual([200, true, event(50)]);
    expect(body.slice(50)).toMatch(form);
    expect(body.slice(50)).toMatch(MESSAGE);
    expect(record).toMatchObject({ outcome: "refused", code: "app_unknown", bytesOut: 50 });
  });

  test.each([
    ["between two frames", ""],
    ["inside a frame", frame("messageStop", {}).subarray(0, 30).toString("latin1")],
  ])("in frames of known length, ends in an exception: %s", async (_, rest) => {
    const whole = frame("messageStart", { role: "assistant" }).toString("latin1");
    const head = FRAMES.replace("Transfer-Encoding: chunked", "Content-Length: 100000");
    const { status, body, isWhole } = await endedAfter([head + whole + rest], "app_unknown", {
      ...{ path: CONVERSE, got: "assistant" },
    });
    expect([status, isWhole]).toEqual([200, true]);
    const [before, after] = body.split(":exception-type");
    expect(before).toContain("messageStart");
    expect(before).not.toContain("messageStop");
    expect(after).toMatch(/validationException.*"message":"[^"]{20,}","code":"app_unknown"/s);
  });

  test.each([
    ["half of an event", event(50), event(50).slice(0, 30)],
    ["an event without its blank line", event(50), event(50).slice(0, -1)],
    ["half of an event with CRLF", event(50, "\r\n\r\n"), event(50).slice(0, 30)],
    ["an event of which the LF is missing", event(50, "\r\n\r\n").slice(0, -1), ""],
    ["a comment", ": ping\n\n", ": pi"],
  ])("drops the rest of an event: %s", async (_, whole, rest) => {
    const { body, isWhole } = await endedAfter([EVENTS + chunk(whole + rest)], "app_unknown", {
      got: whole,
    });
    expect([isWhole, body.startsWith(whole)]).toEqual([true, true]);
    expect(body.slice(whole.length)).toMatch(/^data: \{"error":[^\n]+\n\n$/);
  });

  test.each([
    ["another body", PLAIN, "/v1/chat/completions"],
    ["events of an unknown operation", EVENTS, "/v1/other"],
    ["events with a coding", EVENTS.replace("Transfer", GZIP), "/v1/chat/completions"],
    ["frames of an operation with events", FRAMES, "/v1/chat/completions"],
    ["events of an operation with frames", EVENTS, CONVERSE],
    ["frames with a coding", FRAMES.replace("Transfer", GZIP), CONVERSE],
    ["a list of JSON", PLAIN, "/v1beta/models/m:streamGenerateContent"],
  ])("as %s, breaks off", async (_, head, path) => {
    const { status, body, isWhole, record } = await endedAfter(
      [head + chunk(event(50))],
      "app_unknown",
      { path, got: event(50) },
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
  test.each([
    ["an event", [EVENTS + chunk(event(50))], event(50)],
    ["heartbeats alone", [EVENTS], ""],
  ])("end events in an error that clients read, after %s", async (_, steps, before) => {
    const { gateway } = await stages.start(steps, {
      isUncounted: true,
      permits: { seconds: 2 },
      delivery: { sseHeartbeat: 0.3 },
    });
    const { status, body, isWhole } = await received(gateway);
    const text = body.replaceAll(":\n", "");
    expect([status, isWhole, text.slice(0, before.length)]).toEqual([200, true, before]);
    expect(text.slice(before.length)).toMatch(/^data: \{"error":\{.*"code":"upstream_timeout"/);
    expect(await gateway.ended()).toMatchObject({
      outcome: "upstream_truncated",
      code: "upstream_timeout",
    });
  });

  test("free the place of a client that reads nothing", async () => {
    const { gateway } = await stages.start([EVENTS + chunk(event(50)).repeat(9)], {
      demands: [DEMANDS.concurrent],
      permits: { seconds: 3 },
    });
    const url = `${gateway.url}/v1/chat/completions`;
    const response = await gateway.handle(new Request(url, { method: "POST" }));
    expect(response.status).toBe(200);
    expect(await gateway.ended()).toMatchObject({ code: "upstream_timeout" });
    expect(gateway.amounts()).toEqual({});
  });

  test("do not end what max_duration ends before in this form", async () => {
    const { gateway } = await stages.start([EVENTS + chunk(event(50))], {
      isUncounted: true,
      permits: { seconds: 10 },
      delivery: { maxDuration: 2 },
    });
    expect(await received(gateway)).toMatchObject({ body: event(50), isWhole: false });
  });
});

describe("a lease that is lost", () => {
  const demands = [DEMANDS.concurrent];

  test("ends the stream before another byte", async () => {
    const next = Promise.withResolvers<void>();
    const steps = [EVENTS + chunk(event(50)), () => next.promise, chunk(event(50))];
    const { gateway } = await stages.start(steps, { demands });
    const { body } = await received(gateway, undefined, (text) => {
      if (!text.includes(event(50))) return;
      // As after a stop of the process: nobody has called back yet.
      Object.assign(gateway.transfers[0]!.reservation!, { isHeld: () => false });
      next.resolve();
    });
    expect(body.slice(50)).toMatch(/^data: \{"error":.*"code":"ledger_unavailable"/);
    expect(await gateway.ended()).toMatchObject({ code: "ledger_unavailable" });
  });

  test.each([
    ["events", [EVENTS + chunk(event(50))], 200],
    ["no head", [], 503],
  ])("ends an exchange that waits, with %s", async (_, steps, status) => {
    const { gateway, upstream } = await stages.start(steps, { demands });
    const lose = () => (gateway.transfers[0]!.reservation as unknown as Holder).lose();
    const receiving = received(gateway, undefined, (text) => {
      if (text.includes(event(50))) lose();
    });
    await waitFor("the request", () => upstream.requests[0]);
    if (steps.length === 0) lose();
    const response = await receiving;
    expect(response.status).toBe(status);
    expect(response.body).toContain("ledger_unavailable");
    await waitFor("the upstream's end", () => upstream.connections[0]!.ended());
  });

  test("ends what is read for its usage, without its client", async () => {
    const { gateway, upstream } = await stages.start([EVENTS + chunk(event(50))], {
      demands,
      permits: { onAbort: "drain" },
    });
    const client = new AbortController();
    const url = `${gateway.url}/v1/chat/completions`;
    const response = await fetch(url, { method: "POST", signal: client.signal });
    await response.body!.getReader().read();
    client.abort();
    await Bun.sleep(200);
    expect([gateway.records, upstream.connections[0]!.ended()]).toEqual([[], undefined]);
    (gateway.transfers[0]!.reservation as unknown as Holder).lose();
    expect(await gateway.ended()).toMatchObject({
      outcome: "client_gone",
      reason: "not read to its end: ledger_unavailable",
    });
    await waitFor("the upstream's end", () => upstream.connections[0]!.ended());
  });
});
