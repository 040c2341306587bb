import { describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { childrenOf } from "../../support/processes.ts";
import { connect, parseResponse, type RawClient } from "../../support/raw_client.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const STREAMS = 200;

const USER_SIGNALS = ["SIGUSR1", "SIGUSR2"] as const;

/** Streams that are under way. */
async function openStreams(gateway: Gateway, url: string, count: number): Promise<RawClient[]> {
  const clients: RawClient[] = [];
  await inParallel(count, 20, async () => {
    const client = await openSigned(gateway, `${url}/`);
    await waitFor("the first event", () => client.received().includes("hello"));
    clients.push(client);
  });
  return clients;
}

const stopping = (gateway: Gateway, count: number): Promise<unknown> =>
  waitFor(
    "the stop",
    () => gateway.lines().filter(({ msg }) => msg === "stopping").length === count,
  );

async function start(workers: number, more: string[] = []) {
  const feed = await startEventFeed();
  const args = ["--upstream", feed.url, "--workers", String(workers), ...more];
  const gateway = await startGateway({ args });
  const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
  await waitFor("all workers", () => listening().length === workers);
  const dispose = async (): Promise<void> => {
    await gateway.stop("SIGKILL");
    await feed.stop();
  };
  return { feed, gateway, [Symbol.asyncDispose]: dispose };
}

/** Whether the port takes no connection. */
async function isRefused(port: number): Promise<boolean> {
  try {
    using _connection = await connect(port);
    return false;
  } catch {
    return true;
  }
}

describe.each([1, 2])("with %i workers, SIGTERM", (workers) => {
  test(`cuts none of ${STREAMS} streams that go on for 2 s, and refuses newcomers at once`, async () => {
    await using it = await start(workers);
    const clients = await openStreams(it.gateway, it.feed.url, STREAMS);
    it.gateway.kill("SIGTERM");
    await stopping(it.gateway, workers);
    // The listeners close right after that line.
    await waitUntil("a refusal", () => isRefused(it.gateway.port), 1000);
    for (let number = 1; number <= 5; number += 1) {
      await Bun.sleep(400);
      it.feed.publish(String(number));
    }
    it.feed.finish();
    const bodies = await Promise.all(clients.map((client) => client.response()));
    const whole = ["hello", 1, 2, 3, 4, 5].map((data) => `data: ${data}\n\n`).join("");
    for (const { body } of bodies) expect(body.toString().replaceAll(":\n", "")).toBe(whole);
    expect(await it.gateway.exited).toBe(0);
    expect(it.gateway.records().map(({ outcome }) => outcome)).toEqual(
      clients.map(() => "complete"),
    );
  }, 40_000);

  test("leaves what outlives --drain broken off, and exits with 0", async () => {
    await using it = await start(workers, ["--drain", "1"]);
    const clients = await openStreams(it.gateway, it.feed.url, 20);
    using _idle = await connect(it.gateway.port);
    using half = await connect(it.gateway.port);
    await half.write("GET / HTTP/1.1\r\nHost:");
    it.gateway.kill("SIGTERM");
    expect(await it.gateway.exited).toBe(0);
    for (const client of clients) {
      await client.closed();
      expect(parseResponse(client.received(), true)).toBeUndefined();
    }
    await waitFor("the upstream's connections to close", () => it.feed.open.size === 0);
  }, 20_000);

  test("a second time exits now, and every process is gone", async () => {
    await using it = await start(workers, ["--drain", "600"]);
    const [client] = await openStreams(it.gateway, it.feed.url, 1);
    const children = await childrenOf(it.gateway.pid);
    it.gateway.kill("SIGTERM");
    await stopping(it.gateway, workers);
    const before = performance.now();
    expect(await it.gateway.stop()).not.toBe(0);
    expect(performance.now() - before).toBeLessThan(2000);
    await client?.closed();
    expect(parseResponse(client?.received() ?? Buffer.alloc(0), true)).toBeUndefined();
    await waitFor("the end of the workers", () => children.every((pid) => !isAlive(pid)));
  }, 20_000);

  test("comes after SIGUSR1 and SIGUSR2, which end nothing", async () => {
    await using it = await start(workers);
    const [client] = await openStreams(it.gateway, it.feed.url, 1);
    const all = [it.gateway.pid, ...(await childrenOf(it.gateway.pid))];
    for (const pid of all) for (const signal of USER_SIGNALS) process.kill(pid, signal);
    await Bun.sleep(500);
    it.feed.publish("after the signals");
    it.feed.finish();
    expect((await client?.response())?.body.toString()).toContain("after the signals");
    expect(all.every(isAlive)).toBe(true);
    expect(await it.gateway.stop()).toBe(0);
  }, 20_000);

  // A terminal's Ctrl-C and most service managers signal every process, in any order.
  test("to every process drains all the same", async () => {
    await using it = await start(workers);
    const [client] = await openStreams(it.gateway, it.feed.url, 1);
    for (const pid of await childrenOf(it.gateway.pid)) process.kill(pid, "SIGTERM");
    if (workers > 1) await stopping(it.gateway, workers);
    it.gateway.kill("SIGTERM");
    await stopping(it.gateway, workers);
    await Bun.sleep(500);
    it.feed.publish("after the signal");
    it.feed.finish();
    expect((await client?.response())?.body.toString()).toContain("after the signal");
    expect(await it.gateway.exited).toBe(0);
  }, 20_000);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
