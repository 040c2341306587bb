import { describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { freePort } from "../../support/free_port.ts";
import { startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { childrenOf } from "../../support/processes.ts";
import { parsePrometheus, sumOf } from "../../support/prometheus.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const REQUESTS = 60;
const ANSWER = "ok";

async function startTwo(upstream: string) {
  const port = await freePort();
  const args = ["--admin", `127.0.0.1:${port}`, "--workers", "2", "--drain", "600"];
  const gateway = await startGateway({ args: [...args, "--upstream", upstream] });
  /** Waits until a line of the log has come so many times. */
  const logged = (text: string, count: number) =>
    waitFor(text, () => gateway.lines().filter(({ msg }) => msg === text).length === count);
  await logged("listening", 2);
  const scrape = async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  /** Sends requests, each on a connection of its own, so that both workers get some. */
  const send = async (target = `${upstream}/`): Promise<void> => {
    const before = gateway.records().length;
    await inParallel(REQUESTS, 10, () => signedExchange(gateway, target));
    await waitFor("the records", () => gateway.records().length === before + REQUESTS);
    const workers = gateway.records().slice(before);
    expect(new Set(workers.map(({ worker }) => worker)).size).toBe(2);
  };
  const dispose = async (): Promise<void> => void (await gateway.stop("SIGKILL"));
  return { gateway, logged, scrape, send, [Symbol.asyncDispose]: dispose };
}

/** The values of all counters and histograms, by their series. */
function monotonic(text: string): Map<string, number> {
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]),
  );
  const grows = (name: string): boolean =>
    types.get(name) === "counter" ||
    types.get(name.replace(/_(bucket|sum|count)$/, "")) === "histogram";
  return new Map(
    parsePrometheus(text)
      .filter(({ name }) => grows(name))
      .map(({ name, labels, value }) => [`${name} ${JSON.stringify(labels)}`, value]),
  );
}

/** The series that fell, or that are gone. */
function fallen(before: string, after: string): string[] {
  const now = monotonic(after);
  return [...monotonic(before)]
    .filter(([series, value]) => !(now.get(series)! >= value))
    .map(([series, value]) => `${series}: ${value} -> ${now.get(series)}`);
}

/** Checks the metrics of so many answers of the upstream. */
function expectCounted(text: string, count: number): void {
  const samples = parsePrometheus(text);
  const sum = (name: string, labels = {}) => sumOf(samples, name, labels);
  expect(sum("signway_requests_total")).toBe(count);
  expect(sum("signway_requests_total", { outcome: "complete", status: "200" })).toBe(count);
  expect(sum("signway_verifications_total")).toBe(count);
  expect(sum("signway_bytes_total", { direction: "out" })).toBe(count * ANSWER.length);
  for (const name of ["signway_head_seconds", "signway_duration_seconds"]) {
    expect(sum(`${name}_count`)).toBe(count);
    expect(sum(`${name}_bucket`, { le: "+Inf" })).toBe(count);
  }
}

const gauge = (text: string, name: string): number => sumOf(parsePrometheus(text), name);

describe("/metrics with two workers", () => {
  test("a worker that is killed takes no counter with it, and its successor adds to them", async () => {
    await using upstream = await startUpstream([respond(ANSWER)]);
    await using it = await startTwo(upstream.url);
    await it.send();
    let before = await it.scrape();
    expect(monotonic(before).size).toBeGreaterThan(50);
    expectCounted(before, REQUESTS);
    for (const round of [1, 2, 3]) {
      const [victim] = await childrenOf(it.gateway.pid);
      process.kill(victim!, "SIGKILL");
      await it.logged("worker died", round);
      const without = await it.scrape();
      expect(fallen(before, without)).toEqual([]);
      expectCounted(without, round * REQUESTS);
      await it.logged("listening", 2 + round);
      const idle = await it.scrape();
      expect(fallen(without, idle)).toEqual([]);
      await it.send();
      const after = await it.scrape();
      expect(fallen(idle, after)).toEqual([]);
      expectCounted(after, (round + 1) * REQUESTS);
      before = after;
    }
    // The gauges are those of the two that live.
    expect(gauge(before, "signway_build_info")).toBe(1);
    expect(gauge(before, "process_open_fds")).toBeLessThan(200);
  }, 60_000);

  test("a worker that ends by SIGTERM loses nothing, though nobody has read its metrics", async () => {
    await using upstream = await startUpstream([respond(ANSWER)]);
    await using it = await startTwo(upstream.url);
    await it.send();
    const [worker] = await childrenOf(it.gateway.pid);
    process.kill(worker!, "SIGTERM");
    await it.logged("worker died", 1);
    expectCounted(await it.scrape(), REQUESTS);
  }, 30_000);

  test("a worker that hangs keeps its counters, and its gauges are not reported", async () => {
    await using upstream = await startUpstream([respond(ANSWER)]);
    await using it = await startTwo(upstream.url);
    await it.send();
    const before = await it.scrape();
    const [worker] = await childrenOf(it.gateway.pid);
    process.kill(worker!, "SIGSTOP");
    const during = await it.scrape().finally(() => process.kill(worker!, "SIGCONT"));
    expect(fallen(before, during)).toEqual([]);
    expectCounted(during, REQUESTS);
    const memory = "process_resident_memory_bytes";
    expect(gauge(during, memory)).toBeWithin(
      gauge(before, memory) / 4,
      gauge(before, memory) * 0.75,
    );
    await it.send();
    expectCounted(await it.scrape(), 2 * REQUESTS);
  }, 30_000);

  test("what a worker has counted that has stopped is there while another one drains", async () => {
    await using feed = await startEventFeed();
    await using it = await startTwo(feed.url);
    const client = await openSigned(it.gateway, `${feed.url}/`);
    await waitFor("the first event", () => client.received().includes("hello"));
    await it.send("http://127.0.0.1:1/");
    it.gateway.kill("SIGTERM");
    await it.logged("stopped", 1);
    await waitUntil("its end", async () => (await childrenOf(it.gateway.pid)).length === 1);
    const text = await it.scrape();
    const refusals = sumOf(parsePrometheus(text), "signway_refusals_total");
    expect(refusals).toBe(REQUESTS);
    expect(gauge(text, "signway_open_exchanges")).toBe(1);
    feed.finish();
    await client.response();
    expect(await it.gateway.exited).toBe(0);
  }, 30_000);
});
