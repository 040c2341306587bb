import { afterAll, describe, expect, test } from "bun:test";
import { MAX_BATCH, MAX_WAITING } from "../../../lib/runtime/observe/otlp/span_queue.ts";
import { createAuthority } from "../../support/certificates.ts";
import { freePort } from "../../support/free_port.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { metricsAt, sumOf } from "../../support/prometheus.ts";
import {
  type RawUpstream,
  respond,
  RST,
  type Script,
  startUpstream,
} from "../../support/raw_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";

const upstream = await startUpstream([respond("ok")]);
afterAll(() => upstream.stop());

/** A gateway that exports to a collector, and its metrics. */
interface Stage extends AsyncDisposable {
  gateway: ConfiguredGateway;
  collector: RawUpstream;
  /** Sends so many requests, and returns how many were answered. */
  ask: (count: number) => Promise<number>;
  /** How much of a signal is lost so far. */
  lost: (signal?: string) => Promise<number>;
}

async function startStage(
  script: Script,
  env: Record<string, string> = {},
  endpoint?: string,
): Promise<Stage> {
  const collector = await startUpstream(script);
  const admin = await freePort();
  const gateway = await startConfigured(
    {
      admin: `127.0.0.1:${admin}`,
      drain: 1,
      route: [{ path: "/", upstream: upstream.url, signature: "none" }],
    },
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint ?? collector.url,
      OTEL_BSP_SCHEDULE_DELAY: "20",
      OTEL_METRICS_EXPORTER: "none",
      ...env,
    },
  );
  return {
    gateway,
    collector,
    async ask(count) {
      let answered = 0;
      await inParallel(count, 32, async () => {
        const response = await fetch(gateway.url);
        if ((await response.text()) === "ok") answered += 1;
      });
      return answered;
    },
    lost: async (signal = "traces") =>
      sumOf(await metricsAt(admin), "signway_otlp_dropped_total", { signal }),
    async [Symbol.asyncDispose]() {
      await gateway.stop("SIGKILL");
      await collector.stop();
    },
  };
}

/** Nothing ever answers. */
const SILENT: Script = [];

describe("no request waits for a collector that", () => {
  test.each<[string, Script]>([
    ["never answers", SILENT],
    ["refuses", [respond("no", { status: "401 Unauthorized" })]],
    ["is overloaded", [respond("", { status: "503 Busy", headers: ["Retry-After: 30"] })]],
    ["resets connections", [RST]],
    ["sends rubbish", ["rubbish\r\n\r\n"]],
  ])("%s", async (_, script) => {
    await using stage = await startStage(script);
    await stage.ask(10);
    await waitUntil("an export", async () => stage.collector.requests.length > 0);
    expect(await stage.ask(300)).toBe(300);
  });

  test("is down, and all that waited is counted at the end", async () => {
    const endpoint = `http://127.0.0.1:${await freePort()}`;
    await using stage = await startStage(SILENT, {}, endpoint);
    expect(await stage.ask(300)).toBe(300);
    expect(await stage.gateway.stop()).toBe(0);
    const lines = stage.gateway.lines().filter(({ code }) => code === "telemetry_lost");
    expect(lines).toMatchObject([{ level: "warn", signal: "traces" }]);
  });
});

test("more exchanges than the queue holds are dropped and counted", async () => {
  await using stage = await startStage(SILENT);
  await stage.ask(MAX_BATCH);
  await waitUntil("an export", async () => stage.collector.requests.length > 0);
  const more = MAX_WAITING + 300;
  expect(await stage.ask(more)).toBe(more);
  // Those that are being sent may be fewer than a batch, and the rest of the first ones waits too.
  const lost = await stage.lost();
  expect(lost).toBeGreaterThanOrEqual(300);
  expect(lost).toBeLessThanOrEqual(300 + MAX_BATCH);
});

test("a refused export is lost at once, and the next one is tried", async () => {
  await using stage = await startStage([respond("no", { status: "400 Bad Request" })]);
  await stage.ask(1);
  await waitUntil("the count", async () => (await stage.lost()) === 1);
  await stage.ask(1);
  await waitUntil("the count", async () => (await stage.lost()) === 2);
  expect(stage.collector.requests).toHaveLength(2);
});

test("a collector cannot have rejected more than it got", async () => {
  const partialSuccess = {
    rejectedSpans: "9007199254740991",
    rejectedDataPoints: "9007199254740991",
  };
  const answer = respond(JSON.stringify({ partialSuccess }), {
    headers: ["Content-Type: application/json"],
  });
  await using stage = await startStage([answer], {
    OTEL_METRICS_EXPORTER: "otlp",
    OTEL_METRIC_EXPORT_INTERVAL: "3600000",
  });
  await stage.ask(1);
  // One span of the server, and one of the client.
  await waitUntil("the count", async () => (await stage.lost()) === 2);
  expect(await stage.gateway.stop()).toBe(0);
  const lines = stage.gateway.lines().filter(({ code }) => code === "telemetry_lost");
  expect(lines).toMatchObject([
    { signal: "traces", dropped: 2 },
    { signal: "metrics", dropped: 2 },
  ]);
});

test("an export that a collector may take later is sent again, unchanged", async () => {
  const later = respond("", { status: "429 Too Many", headers: ["Retry-After: 1"] });
  await using stage = await startStage((_, number) => [number === 0 ? later : respond("")]);
  await stage.ask(1);
  await waitUntil("both", async () => stage.collector.requests.length === 2);
  const [first, second] = stage.collector.requests;
  expect(second!.body).toEqual(first!.body);
  expect(await stage.lost()).toBe(0);
});

test("no redirect is followed, no proxy is used, and nothing is printed", async () => {
  const other = await startUpstream([respond("")]);
  const redirect = respond("", { status: "307 Away", headers: [`Location: ${other.url}/`] });
  await using stage = await startStage([redirect], {
    HTTP_PROXY: other.url,
    http_proxy: other.url,
    BUN_CONFIG_VERBOSE_FETCH: "curl",
    OTEL_EXPORTER_OTLP_HEADERS: "x-key=canary%2Dkey",
  });
  await stage.ask(1);
  await waitUntil("the count", async () => (await stage.lost()) === 1);
  expect(stage.collector.requests[0]!.all("x-key")).toEqual(["canary-key"]);
  expect(other.requests).toEqual([]);
  await stage.gateway.stop();
  expect(stage.gateway.stderr()).toBe("");
  expect(stage.gateway.stdout()).not.toContain("canary");
  await other.stop();
});

describe("a gateway that stops", () => {
  test("exports what waits", async () => {
    await using stage = await startStage([respond("")], {
      OTEL_BSP_SCHEDULE_DELAY: "3600000",
      OTEL_METRICS_EXPORTER: "otlp",
    });
    await stage.ask(3);
    expect(stage.collector.requests).toEqual([]);
    expect(await stage.gateway.stop()).toBe(0);
    const lines = stage.collector.requests.map(({ startLine }) => startLine.split(" ")[1]!);
    expect(lines.toSorted()).toEqual(["/v1/metrics", "/v1/traces"]);
  });

  test("does not wait for a silent collector longer than for exchanges", async () => {
    await using stage = await startStage(SILENT);
    await stage.ask(3);
    await waitUntil("an export", async () => stage.collector.requests.length > 0);
    expect(await stage.gateway.stop()).toBe(0);
    const lines = stage.gateway.lines().filter(({ code }) => code === "telemetry_lost");
    expect(lines).toMatchObject([{ reason: "the gateway stops" }]);
  });
});

test("a collector whose certificate is of another authority gets exports once a reload trusts that", async () => {
  await using before = await createAuthority();
  await using after = await createAuthority();
  const { cert, key } = await after.issue();
  const exported: string[] = [];
  const fetch = ({ url }: Request) => {
    exported.push(new URL(url).pathname);
    return new Response();
  };
  await using collector = Bun.serve({ port: 0, tls: { cert, key }, fetch });
  const config = {
    route: [{ path: "/", upstream: upstream.url, signature: "none" as const }],
    otlp: { endpoint: `https://localhost:${collector.port}` },
  };
  const env = { OTEL_BSP_SCHEDULE_DELAY: "20", OTEL_METRICS_EXPORTER: "none" };
  await using gateway = await startConfigured({ ...config, upstream_ca: before.caFile }, env);
  await gateway.reconfigure({ ...config, upstream_ca: after.caFile });
  await globalThis.fetch(gateway.url);
  await waitFor("an export", () => exported.length > 0);
  expect(exported).toEqual(["/v1/traces"]);
});
