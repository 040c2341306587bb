// By command, because it builds a Collector for minutes: exports to OpenTelemetry's own Collector, and prints what that says.
// bun tests/operations/monitoring/collector.ts
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { OTLP_PROTOCOLS } from "../../../lib/config/telemetry/otlp_protocols.ts";
import { codesIn } from "../../support/code_blocks.ts";
import { freePort } from "../../support/free_port.ts";
import { buildCollector } from "../../support/otlp/build_collector.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { ROOT } from "../../support/root.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const REQUESTS = 3;
const TRACE = "0af7651916cd43dd8448eb211c80319c";

const program = await buildCollector();
const folder = await mkdtemp(join(tmpdir(), "signway-collector-"));
try {
  await validate();
  for (const protocol of OTLP_PROTOCOLS) await exportBy(protocol);
} finally {
  await rm(folder, { recursive: true });
}

/** The Collector accepts the configuration that docs/telemetry.md shows. */
async function validate(): Promise<void> {
  const [config = ""] = codesIn(await Bun.file(`${ROOT}/docs/telemetry.md`).text(), "yaml");
  const file = join(folder, "documented.yaml");
  await Bun.write(file, config);
  const child = Bun.spawn([program, "validate", `--config=${file}`], { stderr: "pipe" });
  const complaint = await new Response(child.stderr).text();
  if ((await child.exited) !== 0) throw new Error(complaint);
  console.log("the collector accepts the configuration of docs/telemetry.md");
}

async function exportBy(protocol: (typeof OTLP_PROTOCOLS)[number]): Promise<void> {
  const endpoint = `127.0.0.1:${await freePort()}`;
  const file = join(folder, "collector.yaml");
  const pipeline = { receivers: ["otlp"], exporters: ["debug"] };
  const config = {
    receivers: { otlp: { protocols: { http: { endpoint } } } },
    exporters: { debug: { verbosity: "detailed" } },
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: { traces: pipeline, metrics: pipeline },
    },
  };
  await Bun.write(file, JSON.stringify(config));
  const child = Bun.spawn([program, `--config=${file}`], { stdout: "ignore", stderr: "pipe" });
  let output = "";
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const piece of child.stderr) output += decoder.decode(piece, { stream: true });
  })();
  await waitFor("the collector", () => output.includes("Everything is ready"));
  await using upstream = await startUpstream([respond("ok")]);
  const gateway = await startConfigured({
    otlp: { endpoint: `http://${endpoint}`, protocol },
    route: [{ path: "/", upstream: upstream.url, signature: "none" }],
  });
  for (let i = 0; i < REQUESTS; i++) {
    const headers = { traceparent: `00-${TRACE}-b7ad6b7169203331-01` };
    await (await fetch(gateway.url, { headers })).text();
  }
  await gateway.stop();
  await waitFor("the metrics", () => output.includes("http.client.request.duration"));
  child.kill();
  await Promise.all([child.exited, reading]);
  const count = (pattern: RegExp) => output.match(pattern)?.length ?? 0;
  const found = {
    servers: count(/Kind +: Server/g),
    clients: count(/Kind +: Client/g),
    links: count(new RegExp(`Trace ID: ${TRACE}`, "g")),
    lost: gateway.lines().filter(({ code }) => code === "telemetry_lost").length,
  };
  console.log(output.slice(output.indexOf("ResourceSpans #0")));
  console.log(protocol, JSON.stringify(found));
  const expected = { servers: REQUESTS, clients: REQUESTS, links: REQUESTS, lost: 0 };
  if (!Bun.deepEquals(found, expected)) process.exitCode = 1;
}
