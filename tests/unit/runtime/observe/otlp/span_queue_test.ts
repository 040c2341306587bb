import { expect, test } from "bun:test";
import { waitUntil } from "../../../../support/wait_until.ts";
import { Trace } from "../../../../../lib/gateway/record/trace.ts";
import type { Delivered } from "../../../../../lib/runtime/observe/otlp/delivery.ts";
import {
  MAX_BATCH,
  MAX_CHARACTERS,
  MAX_WAITING,
  SpanQueue,
} from "../../../../../lib/runtime/observe/otlp/span_queue.ts";
import type { EndedExchange } from "../../../../../lib/runtime/observe/otlp/spans.ts";

const ended = {
  record: {},
  trace: new Trace(null, () => 0, { ratio: 1, followsParent: true }),
} as EndedExchange;

test("SpanQueue holds a bounded number of exchanges, counts the others, and sends small batches", async () => {
  const sizes: number[] = [];
  let dropped = 0;
  const release = Promise.withResolvers<Delivered>();
  const queue = new SpanQueue({
    delay: 3_600_000,
    onDropped: (count) => void (dropped += count),
    send: (batch) => (sizes.push(batch.length), release.promise),
  });
  for (let i = 0; i < 100_000; i++) queue.add(ended);
  expect(sizes).toEqual([MAX_BATCH]);
  expect(dropped).toBe(100_000 - MAX_BATCH - MAX_WAITING);
  release.resolve({ isAccepted: true, rejected: 0 });
  await queue.flush();
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(MAX_BATCH + MAX_WAITING);
  expect(Math.max(...sizes)).toBe(MAX_BATCH);
  expect(dropped).toBe(100_000 - MAX_BATCH - MAX_WAITING);
});

test("SpanQueue holds a bounded number of characters of URLs", async () => {
  const url = new URL(`https://api.example/${"a".repeat(16_000)}?${"b".repeat(16_000)}`);
  const trace = new Trace(null, () => 0, { ratio: 1, followsParent: true });
  trace.admitted({}, url.pathname);
  trace.sent(url, undefined);
  const long = { record: { upstream: url.origin + url.pathname }, trace } as EndedExchange;
  const size = 64_000;
  let dropped = 0;
  let answer = Promise.withResolvers<Delivered>();
  const queue = new SpanQueue({
    delay: 3_600_000,
    onDropped: (count) => void (dropped += count),
    send: () => answer.promise,
  });
  const most = Math.floor(MAX_CHARACTERS / size);
  for (let i = 0; i < MAX_WAITING; i++) queue.add(long);
  expect(dropped).toBeGreaterThanOrEqual(MAX_WAITING - most);
  expect(dropped).toBeLessThanOrEqual(MAX_WAITING - most + 1);
  answer.resolve({ isAccepted: true, rejected: 0 });
  await queue.flush();
  // What was sent makes room again.
  const before = dropped;
  answer = Promise.withResolvers();
  for (let i = 0; i < most - 1; i++) queue.add(long);
  expect(dropped).toBe(before);
});

test.each(["subject", "tokenId"])(
  "SpanQueue holds a bounded number of characters of a %s",
  (key) => {
    const long = { ...ended, record: { [key]: "a".repeat(8_000) } } as unknown as EndedExchange;
    let dropped = 0;
    const queue = new SpanQueue({
      delay: 3_600_000,
      onDropped: (count) => void (dropped += count),
      send: () => new Promise(() => {}),
    });
    for (let i = 0; i < MAX_WAITING; i++) queue.add(long);
    expect(dropped).toBe(MAX_WAITING - MAX_BATCH - Math.floor(MAX_CHARACTERS / 8_000));
  },
);

test("SpanQueue counts what a collector does not take, and goes on", async () => {
  const dropped: [number, string][] = [];
  const queue = new SpanQueue({
    delay: 3_600_000,
    onDropped: (count, reason) => void dropped.push([count, reason]),
    send: async () => ({ isAccepted: false, reason: "status 400" }),
  });
  queue.add(ended);
  await queue.flush();
  queue.add(ended);
  queue.add(ended);
  await queue.flush();
  expect(dropped).toEqual([
    [1, "status 400"],
    [2, "status 400"],
  ]);
});

test("SpanQueue goes on after a batch that cannot be exported", async () => {
  const dropped: [number, string][] = [];
  let sent = 0;
  const queue = new SpanQueue({
    delay: 0,
    onDropped: (count, reason) => void dropped.push([count, reason]),
    send() {
      if (sent++ === 0) throw new RangeError("https://secret.example/");
      return Promise.resolve({ isAccepted: true, rejected: 0 });
    },
  });
  queue.add(ended);
  await queue.flush();
  expect(dropped).toEqual([[1, "internal error (RangeError)"]]);
  queue.add(ended);
  await waitUntil("the next one", async () => sent === 2);
});

test("SpanQueue goes on after a flush without exchanges", async () => {
  let sent = 0;
  const queue = new SpanQueue({
    delay: 0,
    onDropped: () => {},
    send: async () => (sent++, { isAccepted: true, rejected: 0 }),
  });
  await queue.flush();
  queue.add(ended);
  await waitUntil("the first one", async () => sent === 1);
});
