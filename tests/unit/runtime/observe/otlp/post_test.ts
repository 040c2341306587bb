import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../../lib/gateway/problem/gateway_error.ts";
import { Delivery } from "../../../../../lib/runtime/observe/otlp/delivery.ts";
import { type Answer, createPost } from "../../../../../lib/runtime/observe/otlp/post.ts";

const NOW = Date.parse("2026-11-29T12:00:00Z");
const PAYLOAD = {
  url: new URL("http://collector.test/v1/traces"),
  body: new Uint8Array([1]),
  headers: new Headers({ "x-key": "a" }),
};
const NEVER = new AbortController().signal;

function answerTo(respond: () => Response | Promise<Response>): Promise<Answer> {
  return createPost(
    async () => respond(),
    1000,
    () => NOW,
  )(PAYLOAD, NEVER);
}

const later = (reason: string, afterMs = 0) => ({ kind: "later", reason, afterMs }) as const;

describe("createPost() tells of a collector that", () => {
  test.each<[string, () => Response | Promise<Response>, Answer]>([
    ["takes all", () => new Response(""), { kind: "accepted", rejected: 0 }],
    [
      "rejects some, as Protocol Buffers",
      () => new Response(new Uint8Array([0x0a, 0x05, 0x08, 0xac, 0x02, 0x12, 0x00])),
      { kind: "accepted", rejected: 300 },
    ],
    [
      "only warns, as Protocol Buffers",
      () => new Response(new Uint8Array([0x0a, 0x02, 0x12, 0x00])),
      { kind: "accepted", rejected: 0 },
    ],
    [
      "rejects some, as JSON",
      () => Response.json({ partialSuccess: { rejectedSpans: "7" } }),
      { kind: "accepted", rejected: 7 },
    ],
    [
      "answers with rubbish",
      () => new Response("{", { headers: { "content-type": "application/json" } }),
      { kind: "accepted", rejected: 0 },
    ],
    ["refuses", () => new Response("", { status: 401 }), { kind: "refused", reason: "status 401" }],
    ["fails", () => new Response("", { status: 500 }), { kind: "refused", reason: "status 500" }],
    ["is overloaded", () => new Response("", { status: 503 }), later("status 503")],
    [
      "says when, in seconds",
      () => new Response("", { status: 429, headers: { "retry-after": "7" } }),
      later("status 429", 7000),
    ],
    [
      "says when, as a date",
      () =>
        new Response("", {
          status: 429,
          headers: { "retry-after": "Sun, 29 Nov 2026 12:00:05 GMT" },
        }),
      later("status 429", 5000),
    ],
    [
      "cannot be reached",
      () => Promise.reject(new GatewayError("upstream_unreachable", "ECONNREFUSED")),
      later("ECONNREFUSED"),
    ],
    ["breaks in another way", () => Promise.reject(new Error("canary")), later("it failed")],
  ])("%s", async (_, respond, expected) => {
    expect(await answerTo(respond)).toEqual(expected);
  });

  test("never answers", async () => {
    const post = createPost(
      () => new Promise(() => {}),
      1,
      () => NOW,
    );
    expect(await post(PAYLOAD, NEVER)).toEqual(later("it took too long"));
  });

  test("never ends its answer", async () => {
    const endless = new ReadableStream({ pull: (to) => to.enqueue(new Uint8Array(9000)) });
    expect(await answerTo(() => new Response(endless))).toEqual({ kind: "accepted", rejected: 0 });
  });
});

describe("Delivery", () => {
  /** Delivers to a collector that answers so. */
  async function deliver(answers: readonly Answer[], options: { patience?: number } = {}) {
    let tries = 0;
    const post = async () => answers[Math.min(tries++, answers.length - 1)]!;
    const delivery = new Delivery({ post, firstPause: 1, ...options });
    return { delivered: await delivery.deliver(PAYLOAD), tries: () => tries };
  }

  test("tries again until the collector takes it", async () => {
    const answers = [later("a"), later("b"), { kind: "accepted", rejected: 2 }] as const;
    const { delivered, tries } = await deliver(answers);
    expect(delivered).toEqual({ isAccepted: true, rejected: 2 });
    expect(tries()).toBe(3);
  });

  test("does not try again what is refused", async () => {
    const { delivered, tries } = await deliver([{ kind: "refused", reason: "status 400" }]);
    expect(delivered).toEqual({ isAccepted: false, reason: "status 400" });
    expect(tries()).toBe(1);
  });

  test("ends when its patience does", async () => {
    const { delivered, tries } = await deliver([later("status 503")], { patience: 20 });
    expect(delivered).toEqual({ isAccepted: false, reason: "status 503" });
    expect(tries()).toBeGreaterThan(1);
  });

  test("does not come back before the collector wants it", async () => {
    const { delivered, tries } = await deliver([later("status 429", 60_000)], { patience: 100 });
    expect(delivered).toEqual({ isAccepted: false, reason: "status 429" });
    expect(tries()).toBe(1);
  });

  /** Counts what is posted to a collector that answers so. */
  function counting(answer: Answer, patience: number) {
    const posted = { count: 0 };
    const post = async () => (posted.count++, answer);
    return { posted, delivery: new Delivery({ post, firstPause: 1, patience }) };
  }

  test("sends nothing else either before the collector wants it", async () => {
    const { posted, delivery } = counting(later("status 429", 60_000), 100);
    for (let i = 0; i < 5; i++) {
      const delivered = await delivery.deliver(PAYLOAD);
      expect(delivered).toEqual({ isAccepted: false, reason: "status 429" });
    }
    expect(posted.count).toBe(1);
    // There is no other chance then, and it is not taken for each payload.
    delivery.hurry();
    for (let i = 0; i < 5; i++) await delivery.deliver(PAYLOAD);
    expect(posted.count).toBe(2);
  });

  test("waits with what comes meanwhile, if it has the patience", async () => {
    const answers = [later("status 503", 300), { kind: "accepted", rejected: 0 }] as const;
    const sentAt: number[] = [];
    const post = async () => {
      sentAt.push(performance.now());
      return answers[Math.min(sentAt.length, answers.length) - 1]!;
    };
    const delivery = new Delivery({ post, firstPause: 1, patience: 250 });
    expect((await delivery.deliver(PAYLOAD)).isAccepted).toBe(false);
    await Bun.sleep(100);
    expect((await delivery.deliver(PAYLOAD)).isAccepted).toBe(true);
    expect(sentAt[1]! - sentAt[0]!).toBeGreaterThan(290);
  });

  test("ends its pause and tries once more when the gateway stops", async () => {
    let tries = 0;
    const post = async () => (tries++, later("status 503"));
    const delivery = new Delivery({ post, firstPause: 10_000 });
    const delivered = delivery.deliver(PAYLOAD);
    await Bun.sleep(0);
    delivery.hurry();
    expect(await delivered).toEqual({ isAccepted: false, reason: "status 503" });
    expect(tries).toBe(2);
  });
});
