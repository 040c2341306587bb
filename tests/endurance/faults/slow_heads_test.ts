import { expect, test } from "bun:test";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { requestBytes } from "../../support/signed.ts";

const SOCKETS = 1000;
const LIMIT_MS = 15_000;

/** What a socket sends at its start, and then at every interval. */
const WAYS: [first: string, everyMs: number, next: (count: number) => string][] = [
  ["", 0, () => ""],
  ["GET /slo", 0, () => ""],
  ["GET / HTTP/1.1\r\nHost: a\r\n", 2000, (count) => `X-${count}: 1\r\n`],
  ["", 1000, (count) => "GET / HTTP/1.1\r\nHost: a\r\n\r\n"[count] ?? ""],
  ["\r\n", 1000, () => "\r\n"],
];

/** Opens it and resolves with how long it took to be closed, in milliseconds. */
async function slowly(port: number, number: number): Promise<number> {
  using client: RawClient = await connect(port);
  const start = performance.now();
  const [first, everyMs, next] = WAYS[number % WAYS.length]!;
  if (first) void client.write(first);
  let count = 0;
  const timer = everyMs > 0 && setInterval(() => void client.write(next(count++)), everyMs);
  await client.closed(LIMIT_MS + 10_000);
  if (timer) clearInterval(timer);
  return performance.now() - start;
}

test.concurrent.each([1, 2])(
  `${SOCKETS} slow request heads are each closed in 15 s, and honest requests unharmed; workers: %i`,
  async (workers) => {
    await using upstream = await startUpstream([respond("honest")]);
    const args = ["--upstream", upstream.url, "--workers", String(workers)];
    await using gateway = await startGateway({ args });
    const slow = Array.from({ length: SOCKETS }, (_, number) => slowly(gateway.port, number));
    let open = true;
    const all = Promise.all(slow).finally(() => (open = false));
    let honest = 0;
    while (open) {
      const response = await signedExchange(gateway, `${upstream.url}/`);
      expect([response.status, response.body.toString()]).toEqual([200, "honest"]);
      honest += 1;
      await Bun.sleep(100);
    }
    const times = await all;
    const byWay = WAYS.map((_, way) =>
      Math.max(...times.filter((_, i) => i % WAYS.length === way)),
    );
    console.log(`slow heads were closed after ${byWay.map(Math.round).join(", ")} ms`);
    expect(honest).toBeGreaterThan(20);
    expect(Math.max(...times)).toBeLessThan(LIMIT_MS);
    expect(upstream.requests).toHaveLength(honest);
  },
  40_000,
);

test.concurrent.each([
  ["nothing more", ""],
  ["part of another request", "GET / HTTP/1.1\r\nHo"],
])(
  "a connection that has had an answer is closed in 15 s after %s",
  async (_, bytes) => {
    await using gateway = await startGateway();
    using client = await connect(gateway.port);
    await client.write(requestBytes("GET", "/"));
    expect((await client.response()).status).toBe(400);
    await client.write(bytes);
    await client.closed(LIMIT_MS);
  },
  30_000,
);
