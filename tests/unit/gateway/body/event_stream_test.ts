import { describe, expect, test } from "bun:test";
import { gatewayUnderTest, signed } from "../in_process_gateway.ts";

const HEARTBEAT = 0.05;
const EVENT = "data: hello\n\n";

/** An upstream that sends pieces when it is told to, and a client that reads what arrives. */
async function streaming(type = "text/event-stream", sseHeartbeat = HEARTBEAT) {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => void (controller = given),
    cancel: () => void (cancelled = true),
  });
  const gateway = gatewayUnderTest({
    sseHeartbeat,
    answer: () => new Response(body, { headers: { "content-type": type } }),
  });
  const push = (text: string) => controller?.enqueue(new TextEncoder().encode(text));
  const answering = gateway.send(signed());
  return { gateway, answering, push, end: () => controller?.close(), cancelled: () => cancelled };
}

describe("a silent event stream", () => {
  test("gets comments, and they are not counted as the upstream's bytes", async () => {
    const { gateway, answering, push, end } = await streaming();
    const reading = answering.then((response) => response.text());
    await Bun.sleep(HEARTBEAT * 3500);
    push(EVENT);
    await Bun.sleep(HEARTBEAT * 3500);
    push(EVENT);
    end();
    const text = await reading;
    expect(text.replaceAll(":\n\n", "")).toBe(EVENT + EVENT);
    const [before = "", between = ""] = text.split(EVENT);
    expect(before).toMatch(/^(:\n\n)+$/);
    expect(between).toMatch(/^(:\n\n)+$/);
    expect(gateway.records).toMatchObject([{ bytesOut: 2 * EVENT.length, outcome: "complete" }]);
  });

  test("gets its response head before the first event", async () => {
    const { answering, end } = await streaming();
    const response = await answering;
    expect(response.status).toBe(200);
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toBe(":\n\n");
    end();
  });

  test.each(["data: half of an ev", "data: no blank line yet\n", "event: x\r\n"])(
    "gets none inside an event: %j",
    async (half) => {
      const { answering, push, end } = await streaming();
      push(half);
      const reading = answering.then((response) => response.text());
      await Bun.sleep(HEARTBEAT * 3500);
      push("\n\n");
      end();
      expect(await reading).toBe(`${half}\n\n`);
    },
  );

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
    expect(text.split(":\n\n").length - 1).toBeLessThanOrEqual(1);
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
