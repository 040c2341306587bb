import { expect, test } from "bun:test";
import { Exchange } from "../../../../lib/gateway/record/exchange.ts";
import type { ExchangeRecord } from "../../../../lib/gateway/record/exchange_record.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";

test("an exchange records nothing after its end, because observers may look at the record later", () => {
  const clock = { time: 0 };
  const records: ExchangeRecord[] = [];
  const exchange = new Exchange(new Request("https://gateway.test/"), {
    ticks: () => clock.time,
    timers: new TimerWheel(),
    observer: { end: (record) => records.push({ ...record }) },
    onError: (error) => {
      throw error;
    },
  });
  exchange.received(1);
  exchange.onEnd(() => exchange.used({ input: 3, output: 4 }));
  exchange.end("client_gone");
  clock.time = 80;
  const { record } = exchange;
  exchange.headReady(499);
  exchange.sent(5);
  exchange.received(5);
  exchange.failed("upstream_broken", "late");
  exchange.noted("late");
  exchange.forwarded("api.test");
  exchange.authenticated("web", new URL("https://api.test/"), { secret: 0 });
  exchange.claimed({ id: "web", target: "https://api.test/", known: true });
  exchange.used({ input: 30, output: 40 });
  exchange.upstreamResponded("late");
  exchange.credentialRefused(401);
  exchange.socketClosed({ messagesIn: 1, messagesOut: 1, closeCode: 1000 });
  expect(exchange.record).toBe(record);
  expect({ ...record }).toEqual(records[0]!);
  expect(record).toMatchObject({ bytesIn: 1, inputTokens: 3, status: 0, outcome: "client_gone" });
});
