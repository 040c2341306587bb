import { afterAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { createMetrics } from "../../../lib/runtime/observe/metrics.ts";
import { freePort } from "../../support/free_port.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { metricsAt, sumOf as sum } from "../../support/prometheus.ts";
import { ROOT } from "../../support/root.ts";
import { startTlsGateway } from "../../support/tls_gateway.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { appWith, SECRETS, startReloading } from "../reload/reloading.ts";

const adminPort = await freePort();
const gateway = await startGateway({ args: ["--admin", `127.0.0.1:${adminPort}`] });
afterAll(() => gateway.stop());

describe("what the process uses is right:", () => {
  const stat = ({ pid }: Gateway) =>
    readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");

  test("memory, CPU time, start and descriptors are the kernel's", async () => {
    const samples = await metricsAt(adminPort);
    const rss = Number(readFileSync(`/proc/${gateway.pid}/statm`, "utf8").split(" ")[1]) * 4096;
    const measured = sum(samples, "process_resident_memory_bytes");
    expect(measured).toBeWithin(rss / 2, rss * 2);
    const ticks = Number(stat(gateway)[11]) + Number(stat(gateway)[12]);
    expect(sum(samples, "process_cpu_seconds_total")).toBeWithin(ticks / 300, ticks / 50 + 0.2);
    const started = sum(samples, "process_start_time_seconds");
    expect(started).toBeWithin(Date.now() / 1000 - 600, Date.now() / 1000);
    expect(sum(samples, "process_open_fds")).toBeWithin(5, 500);
  });

  test("there is no series of another runtime", async () => {
    const names = (await metricsAt(adminPort)).map(({ name }) => name);
    expect(names.filter((name) => /nodejs|heap|gc_|eventloop|^process_virtual/.test(name))).toEqual(
      [],
    );
  });
});

describe("reloads are counted by their result", () => {
  test.concurrent.each([1, 2])(
    "with %i workers",
    async (workers) => {
      const port = await freePort();
      await using it = await startReloading({
        files: (url) => ({ "main.json": appWith(SECRETS.old, url) }),
        args: ["--admin", `127.0.0.1:${port}`, "--workers", String(workers)],
      });
      const count = async (result: string) =>
        sum(await metricsAt(port), "signway_reloads_total", { result });
      const reaches = (result: string, least: number) =>
        waitUntil(`${result} reloads`, async () => (await count(result)) >= least);
      const rejectedAtFirst = await count("rejected");
      expect(rejectedAtFirst).toBe(0);
      await it.write("main.json", "{");
      await reaches("rejected", 1);
      // It is tried again at every poll, and counted once.
      await Bun.sleep(1_000);
      expect(await count("rejected")).toBe(1);
      const loaded = await count("loaded");
      await it.replace("main.json", appWith(SECRETS.new, it.upstream.url));
      await reaches("loaded", loaded + 1);
      expect(await count("rejected")).toBe(1);
    },
    30_000,
  );
});

describe("the days that the gateway's own certificate has left", () => {
  test("are shown, of the first certificate of the chain", async () => {
    const port = await freePort();
    await using it = await startTlsGateway(["--admin", `127.0.0.1:${port}`]);
    const days = sum(await metricsAt(port), "signway_certificate_days_left");
    const file = it.certificate.certFile;
    const end = await Bun.$`openssl x509 -noout -enddate -in ${file}`.text();
    const left = (Date.parse(end.trim().split("=")[1]!) - Date.now()) / 86_400_000;
    expect(days).toBeWithin(left - 0.01, left + 0.01);
  });

  test("are absent without TLS", async () => {
    const names = (await metricsAt(adminPort)).map(({ name }) => name);
    expect(names).not.toContain("signway_certificate_days_left");
  });
});

test("docs/operations.md documents every metric with its labels, and no other", async () => {
  const metrics = createMetrics(() => 0);
  const authority =
    await Bun.$`openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout /dev/null -subj /CN=a -days 2`
      .quiet()
      .text();
  metrics.certificate(authority);
  metrics.watchRevocations(() => false);
  const none = { accepted: 0, failed: 0, dropped: 0 };
  metrics.watchTelemetry({ traces: none, metrics: none });
  const snapshot = await metrics.snapshot();
  const text = await metrics.text();
  const known = [...text.matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name);
  expect(known).toContain("signway_certificate_days_left");
  const docs = readFileSync(`${ROOT}/docs/operations.md`, "utf8");
  const rows = [...docs.matchAll(/^\| `((?:signway|process)_\w+)` +\| ([^|]*) +\| (\w+) +\|/gm)];
  expect(rows.map(([, name]) => name).sort()).toEqual(known.sort());
  const types = Object.fromEntries(snapshot.map(({ name, type }) => [name, String(type)]));
  for (const [, name, , type] of rows) expect([name, type]).toEqual([name, types[name!]!]);
});
