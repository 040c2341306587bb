import { expect, test } from "bun:test";
import { decodeExports, installDecoder } from "../../support/otlp/decode_exports.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const WORKERS = 2;
const REQUESTS = 200;
const decoder = await requirement("opentelemetry-proto", installDecoder);

test.skipIf("reason" in decoder).each([
  ["of their own", {}, /^[\da-f-]{36}$/],
  ["that the operator numbers", { OTEL_RESOURCE_ATTRIBUTES: "service.instance.id=a" }, /^a-[12]$/],
])("each worker exports by itself, with an id %s", async (_, env, form) => {
  if ("reason" in decoder) return;
  await using upstream = await startUpstream([respond("ok")]);
  await using collector = await startUpstream([respond("")]);
  const route = { path: "/", upstream: upstream.url, signature: "none" } as const;
  const otlp = { endpoint: collector.url };
  await using gateway = await startConfigured({ workers: WORKERS, otlp, route: [route] }, env);
  const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
  await waitFor("all workers", () => listening().length === WORKERS);
  // Each has a connection of its own, so that both workers get some.
  await inParallel(REQUESTS, 20, () =>
    fetch(gateway.url, { keepalive: false }).then((response) => response.text()),
  );
  expect(await gateway.stop()).toBe(0);
  const { spans, points, resources } = await decodeExports(decoder.value, collector.requests);
  const ids = new Set(resources.map((resource) => resource["service.instance.id"]));
  expect(ids.size).toBe(WORKERS);
  for (const id of ids) expect(id).toMatch(form);
  expect(spans.filter(({ kind }) => kind === "SPAN_KIND_SERVER")).toHaveLength(REQUESTS);
  const counts = points.filter(({ metric }) => metric === "http.server.request.duration");
  expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(REQUESTS);
});
