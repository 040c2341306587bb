import { describe, expect, test } from "bun:test";
import {
  createBytesObserver,
  type ExchangeBytes,
} from "../../../../lib/gateway/record/bytes_observer.ts";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import type { Timer } from "../../../../lib/gateway/time/timer_wheel.ts";

const TARGET = "https://api.example.com/v1/chat";

/** The observer with timers that go off by hand. */
function observing(hook: (bytes: ExchangeBytes) => void | Promise<void> = () => {}) {
  const calls: ExchangeBytes[] = [];
  const errors: unknown[] = [];
  const running = new Map<Timer, number>();
  const timers = {
    start(callback: () => void, ms: number): Timer {
      const timer: Timer = { due: 0, callback, slot: [], index: 0 };
      running.set(timer, ms);
      return timer;
    },
    stop: (timer: Timer | undefined) => void (timer && running.delete(timer)),
  };
  const onBytes = (_: string, bytes: ExchangeBytes) => {
    calls.push(bytes);
    return hook(bytes);
  };
  const observer = createBytesObserver(onBytes, { onError: (error) => errors.push(error), timers });
  const tick = () => {
    const due = [...running.keys()];
    running.clear();
    for (const { callback } of due) callback();
  };
  return { observer, calls, errors, running, tick };
}

const record = (more: Partial<ExchangeRecord> = {}): ExchangeRecord => ({
  requestId: "id",
  method: "GET",
  app: "web",
  verifyMs: 1,
  upstream: TARGET,
  status: 200,
  bytesIn: 0,
  bytesOut: 0,
  headMs: 0,
  durationMs: 0,
  outcome: "complete",
  ...more,
});

describe("onBytes is live", () => {
  test("once for each second in which bytes came, and once at the end", () => {
    const { observer, calls, running, tick } = observing();
    const it = record();
    observer.begin!(it);
    expect([...running.values()]).toEqual([1000]);
    tick();
    expect(calls).toEqual([]);
    it.bytesIn = 5;
    it.bytesOut = 7;
    tick();
    tick();
    it.bytesOut = 9;
    it.bytesOut = 11;
    tick();
    observer.end(it);
    tick();
    expect(calls).toEqual([
      { in: 5, out: 7, target: TARGET, final: false },
      { in: 5, out: 11, target: TARGET, final: false },
      { in: 5, out: 11, target: TARGET, final: true },
    ]);
    expect(running.size).toBe(0);
  });

  test("each exchange by itself", () => {
    const { observer, calls, running, tick } = observing();
    const [one, two] = [record({ app: "one" }), record({ app: "two" })];
    for (const it of [one, two]) observer.begin!(it);
    two.bytesOut = 1;
    tick();
    observer.end(one);
    expect(calls.map(({ final }) => final)).toEqual([false, true]);
    expect(running.size).toBe(1);
    observer.end(two);
    expect(running.size).toBe(0);
  });

  test.each<[string, Partial<ExchangeRecord>]>([
    ["unverified", { bytesOut: 3 }],
    ["of nobody", { bytesOut: 3 }],
  ])("never for a request that is %s", (what, more) => {
    const { observer, calls, tick } = observing();
    const it = record(more);
    delete it[what === "unverified" ? "verifyMs" : "app"];
    observer.begin!(it);
    tick();
    observer.end(it);
    expect(calls).toEqual([]);
  });

  test("a hook that fails is told of, and called again", async () => {
    const failures = [
      () => Promise.reject(new Error("one")),
      () => {
        throw new Error("two");
      },
    ];
    const { observer, calls, errors, tick } = observing(() => failures.shift()?.());
    const it = record({ bytesOut: 1 });
    observer.begin!(it);
    tick();
    observer.end(it);
    await Promise.resolve();
    await Promise.resolve();
    expect(calls).toHaveLength(2);
    expect(errors).toHaveLength(2);
  });
});
