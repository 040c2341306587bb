import { describe, expect, test } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { gatewayUnderTest, signed, type SignedInit } from "../in_process_gateway.ts";

const HEARTBEAT = 0.05;
const EVENT = "data: hello\n\n";
const GENERATIVE_AI = { "x-goog-api-client": "genai-js/0.24.1" };

/** An upstream that sends pieces when it is told to, and a client that reads what arrives. */
async function streaming(
  type = "text/event-stream",
  sseHeartbeat = HEARTBEAT,
  upstreams: UpstreamRule[] = [{ headers: [] }],
  request: SignedInit = {},
) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => void (cancelled = true),
  });
  const gateway = gatewayUnderTest({
    limits: { sseHeartbeat },
    upstreams,
    answer: () => new Response(body, { headers: { "content-type": type } }),
  });
  const push = (text: string) => controller?.enqueue(new TextEncoder().encode(text));
  const pushBytes = (bytes: Uint8Array) => controller?.enqueue(bytes);
  const answering = gateway.send(signed(request));
  return {
    gateway,
    answering,
    push,
    pushBytes,
    end: () => controller?.close(),
    cancelled: () => cancelled,
  };
}

/** Reads a response. */
function collect(answering: Promise<Response>) {
  let received = "";
  const whole = answering.then(async ({ body }) => {
    for await (const piece of body!) received += Buffer.from(piece).toString();
    return received;
  });
  /** Waits until heartbeats have come, behind a text that the upstream has sent. */
  const heartbeats = (behind = "") =>
    waitFor("two heartbeats", () => {
      const at = received.indexOf(behind);
      return at >= 0 && received.length >= at + behind.length + 4;
    });
  return { whole, heartbeats };
}

describe.concurrent("a silent event stream", () => {
  test("gets comments, and they are not counted as the upstream's bytes", async () => {
    const { gateway, answering, push, end } = await streaming();
    const { whole, heartbeats } = collect(answering);
    await heartbeats();
    push(EVENT);
    await heartbeats(EVENT);
    push(EVENT);
    end();
    const text = await whole;
    expect(text.replaceAll(":\n", "")).toBe(EVENT + EVENT);
    const [before = "", between = ""] = text.split(EVENT);
    expect(before).toMatch(/^(:\n)+$/);
    expect(between).toMatch(/^(:\n)+$/);
    expect(gateway.records).toMatchObject([{ bytesOut: 2 * EVENT.length, outcome: "complete" }]);
  });

  test("gets its response head before the first event", async () => {
    const { answering, end } = await streaming();
    const response = await answering;
    expect(response.status).toBe(200);
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe(":\n");
    end();
  });

  test.each(["data: half of an ev", "data: the LF may follow\r", "event: x\r", "\ufeff"])(
    "gets none inside a line: %j",
    async (half) => {
      const { answering, push, end } = await streaming();
      push(half === "\ufeff" ? "\ufeffdata" : half);
      const reading = answering.then((response) => response.text());
      await Bun.sleep(HEARTBEAT * 3500);
      push("\n\n");
      end();
      expect(await reading).not.toContain(":\n");
    },
  );

  test.each([":\n", ": connected\n", "retry: 3000\n", "id: 7\n", "event: ping\n", "data: x\r\n"])(
    "gets comments at the start of any line: after %j",
    async (line) => {
      const { answering, push, end } = await streaming();
      push(line);
      const { whole, heartbeats } = collect(answering);
      await heartbeats(line);
      push("data: y\n\n");
      end();
      const text = await whole;
      expect(text).toStartWith(line);
      expect(text.slice(line.length)).toMatch(/^(:\n)+data: y\n\n$/);
    },
  );

  test("has no byte-order mark behind a heartbeat, however the mark is cut", async () => {
    const mark = Buffer.from("\ufeff");
    for (const cuts of [[], [1], [2], [1, 2], [0, 1]]) {
      const { answering, pushBytes, push, end } = await streaming();
      const { whole, heartbeats } = collect(answering);
      await heartbeats();
      for (const [i, at] of [0, ...cuts].entries()) {
        pushBytes(mark.subarray(at, cuts[i]));
        await Bun.sleep(5);
      }
      push(EVENT);
      end();
      expect(await whole).toMatch(/^(:\n)+data: hello\n\n$/);
    }
  });

  test.each([
    [[0xef, 0xbb], "\ufffd"],
    [[0xef, 0xbb, 0x41, 0x0a], "\ufffdA\n"],
  ])("keeps what only begins like a mark: %j", async (bytes, expected) => {
    const { answering, pushBytes, end } = await streaming();
    const reading = answering.then((response) => response.text());
    await Bun.sleep(HEARTBEAT * 3500);
    for (const byte of bytes) pushBytes(Uint8Array.of(byte));
    end();
    expect((await reading).replace(/^(:\n)+/, "")).toBe(expected);
  });

  test.each([
    ["another type", "application/x-ndjson", HEARTBEAT],
    ["a heartbeat of 0", "text/event-stream", 0],
  ])("gets none with %s", async (_, type, heartbeat) => {
    const { answering, push, end } = await streaming(type, heartbeat);
    const reading = answering.then((response) => response.text());
    await Bun.sleep(HEARTBEAT * 3500);
    push(EVENT);
    await Bun.sleep(HEARTBEAT * 3500);
    end();
    expect(await reading).toBe(EVENT);
  });

  test("gets none into a buffer that its reader does not empty", async () => {
    const { answering, push, end } = await streaming();
    push(EVENT);
    const response = await answering;
    await Bun.sleep(HEARTBEAT * 6000);
    end();
    const text = await response.text();
    expect(text.split(":\n").length - 1).toBeLessThanOrEqual(1);
  });

  test("gets none after its reader has left", async () => {
    const { gateway, answering, push, cancelled } = await streaming();
    push(EVENT);
    const response = await answering;
    await response.body?.cancel();
    await Bun.sleep(HEARTBEAT * 3500);
    expect(cancelled()).toBe(true);
    expect(gateway.records).toMatchObject([{ outcome: "client_gone" }]);
  });
});

test("an event stream passes piece by piece, as it comes", async () => {
  const { answering, push, end } = await streaming("text/event-stream", 15);
  push(EVENT);
  const reader = (await answering).body?.getReader();
  for (let i = 0; i < 5; i++) {
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe(EVENT);
    push(EVENT);
  }
  await reader?.read();
  end();
  expect((await reader?.read())?.done).toBe(true);
});

describe.concurrent("what a heartbeat is depends on the rule", () => {
  test.each<[Partial<UpstreamRule>, string]>([
    [{}, ":\n"],
    [{ provider: "openai" }, ":\n"],
    [{ provider: "azure" }, ":\n"],
    [{ provider: "anthropic" }, ":\n"],
    [{ provider: "google" }, "\n"],
    [{ heartbeat: "newline" }, "\n"],
    [{ provider: "google", heartbeat: "comment" }, ":\n"],
    [{ provider: "anthropic", heartbeat: "newline" }, "\n"],
  ])("%j: %j", async (rule, beat) => {
    const upstreams = [{ headers: [], ...rule }];
    const { answering, push, end } = await streaming("text/event-stream", HEARTBEAT, upstreams);
    const { whole, heartbeats } = collect(answering);
    await heartbeats();
    push(EVENT);
    await heartbeats(EVENT);
    push(EVENT);
    end();
    const [before, between] = (await whole).split(EVENT);
    expect(before).toStartWith(beat);
    expect(between).toStartWith(beat);
    expect(`${before}${between}`.replaceAll(beat, "")).toBe("");
  });

  test.each([
    ["https://generativelanguage.googleapis.com/v1beta/x", {}, "\n"],
    ["https://generativelanguage.googleapis.com/v1beta/x", GENERATIVE_AI, ""],
    ["https://name.openai.azure.com/openai/x", {}, ":\n"],
    ["https://api.anthropic.com/v1/messages", {}, ":\n"],
    ["https://api.openai.com/v1/responses", GENERATIVE_AI, ":\n"],
  ])("and without one on the host: %s, %j: %j", async (target, headers, beat) => {
    const { answering, push, end } = await streaming(undefined, HEARTBEAT, [{ headers: [] }], {
      target,
      headers,
    });
    const { whole, heartbeats } = collect(answering);
    await (beat === "" ? Bun.sleep(HEARTBEAT * 3500) : heartbeats());
    push(EVENT);
    end();
    const [before = ""] = (await whole).split(EVENT);
    expect(before.slice(0, 2)).toBe(beat === "\n" ? "\n\n" : beat);
  });

  test.each([
    ["data: x\n", false],
    ["event: ping\n", false],
    ["id: 7\n", false],
    [": connected\n", true],
    ["retry: 3000\r\n", true],
    ["data: x\r\n\r\n", true],
  ])("a blank line never ends an event: after %j", async (line, comes) => {
    const upstreams: UpstreamRule[] = [{ headers: [], provider: "google" }];
    const { answering, push, end } = await streaming("text/event-stream", HEARTBEAT, upstreams);
    push(line);
    const reading = answering.then((response) => response.text());
    await Bun.sleep(HEARTBEAT * 3500);
    push("data: y\n\n");
    end();
    expect((await reading).slice(line.length)).toMatch(
      comes ? /^\n+data: y\n\n$/ : /^data: y\n\n$/,
    );
  });
});
