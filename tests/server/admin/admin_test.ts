import { describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { freePort } from "../../support/free_port.ts";
import { CREDENTIAL, type Gateway, startGateway } from "../../support/gateway.ts";
import { parsePrometheus, type Sample, sumOf as valueOf } from "../../support/prometheus.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

const KEY = "canary-key-of-an-upstream";

async function start(workers: number) {
  const feed = await startEventFeed();
  const port = await freePort();
  const args = ["--admin", `127.0.0.1:${port}`, "--workers", String(workers), "--drain", "600"];
  const rule = ["--upstream", feed.url, "--header", `X-Key: ${KEY}`];
  const gateway = await startGateway({ args: [...args, ...rule] });
  await waitFor(
    "all workers",
    () => gateway.lines().filter(({ msg }) => msg === "listening").length === workers,
  );
  const ask = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  const dispose = async (): Promise<void> => {
    gateway.kill("SIGTERM");
    await gateway.stop();
    await feed.stop();
  };
  const metrics = async (): Promise<Sample[]> =>
    parsePrometheus(await (await ask("/metrics")).text());
  return { feed, gateway, ask, metrics, [Symbol.asyncDispose]: dispose };
}

async function openStream(gateway: Gateway, url: string) {
  const client = await openSigned(gateway, `${url}/path?canary-of-a-query`);
  await waitFor("the first event", () => client.received().includes("hello"));
  return client;
}

describe.each([1, 2])("--admin with %i workers", (workers) => {
  test("/healthz and /readyz say yes, anything else 404", async () => {
    await using it = await start(workers);
    for (const path of ["/healthz", "/readyz"]) expect((await it.ask(path)).status).toBe(200);
    for (const path of ["/", "/metrics/", "/admin", "/HEALTHZ"]) {
      expect((await it.ask(path)).status).toBe(404);
    }
    // It is a listener of its own: the public one knows none of these.
    for (const path of ["/healthz", "/readyz", "/metrics"]) {
      expect((await fetch(it.gateway.url + path)).status).toBe(400);
    }
  });

  test("/readyz says no as soon as it drains, /healthz yes, until the last stream ends", async () => {
    await using it = await start(workers);
    const client = await openStream(it.gateway, it.feed.url);
    it.gateway.kill("SIGTERM");
    await waitFor("the stop", () => it.gateway.lines().some(({ msg }) => msg === "stopping"));
    expect([(await it.ask("/readyz")).status, (await it.ask("/healthz")).status]).toEqual([
      503, 200,
    ]);
    const open = valueOf(await it.metrics(), "signway_open_exchanges");
    expect(open).toBe(1);
    it.feed.finish();
    await client.response();
    expect(await it.gateway.exited).toBe(0);
    expect(await it.ask("/healthz").catch(() => "gone")).toBe("gone");
  });

  test("/metrics counts what was done, over all workers", async () => {
    await using it = await start(workers);
    const clients = [];
    for (let i = 0; i < 12; i += 1) clients.push(await openStream(it.gateway, it.feed.url));
    expect(valueOf(await it.metrics(), "signway_open_exchanges")).toBe(12);
    it.feed.finish();
    await Promise.all(clients.map((client) => client.response()));
    const gone = await openStream(it.gateway, it.feed.url);
    gone.reset();
    for (let i = 0; i < 5; i += 1) {
      await signedExchange(it.gateway, it.feed.url, {
        sign: { id: "canary-of-an-id", secret: "canary-secret" },
      });
      await signedExchange(it.gateway, "http://127.0.0.1:1/canary-path");
    }
    await waitFor("the records", () => it.gateway.records().length === 23);
    const response = await it.ask("/metrics");
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const text = await response.text();
    const samples = parsePrometheus(text);
    const requests = (labels: Record<string, string>): number =>
      valueOf(samples, "signway_requests_total", labels);
    expect(requests({ outcome: "complete", status: "200" })).toBe(12);
    expect(requests({ outcome: "client_gone" })).toBe(1);
    expect(requests({ code: "app_unknown", status: "401" })).toBe(5);
    expect(requests({ code: "target_not_allowed", status: "403" })).toBe(5);
    expect(requests({})).toBe(23);
    expect(valueOf(samples, "signway_open_exchanges")).toBe(0);
    const out = { direction: "out", app: CREDENTIAL.id };
    expect(valueOf(samples, "signway_bytes_total", out)).toBe(13 * "data: hello\n\n".length);
    expect(valueOf(samples, "signway_duration_seconds_count")).toBe(13);
    expect(valueOf(samples, "signway_duration_seconds_bucket", { le: "+Inf" })).toBe(13);
    expect(valueOf(samples, "signway_verification_seconds_count")).toBe(18);
    expect(
      samples.filter(({ name }) => name === "signway_build_info").map(({ value }) => value),
    ).toEqual([1]);
    expect(valueOf(samples, "process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
    // Neither secrets nor what strangers choose, and no label that grows with the requests.
    expect(text).not.toMatch(/canary|\/path|127\.0\.0\.1:1"/);
    expect(text).not.toContain(CREDENTIAL.secret);
    expect(samples.length).toBeLessThan(400);
  });
});

test("without --admin there is no such listener", async () => {
  await using gateway = await startGateway();
  const line = gateway.lines().find(({ msg }) => msg === "listening");
  expect(line).not.toHaveProperty("admin_port");
});
