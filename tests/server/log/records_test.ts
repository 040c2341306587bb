import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { chunk, FIN, respond, RST, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget, type SignedOptions } from "../../support/signed.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

let script: Step[] = [];
const upstream = await startUpstream(() => script);
const gateway = await startGateway({ args: ["--upstream", upstream.url, "--head-timeout", "1"] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

interface Case {
  name: string;
  steps?: Step[];
  target?: string;
  method?: string;
  headers?: string[];
  body?: string;
  sign?: SignedOptions;
  record: Record<string, unknown>;
}

const PATH = "/path/of/it";
const FAILED = { outcome: "upstream_failed", bytes_out: 0 };
const REFUSED = { outcome: "refused", bytes_in: 0, bytes_out: 0 };

const CASES: Case[] = [
  { name: "a short answer", record: { status: 200, outcome: "complete", bytes_out: 2 } },
  {
    name: "an error of the upstream's own",
    steps: [respond("no", { status: "500 No" })],
    record: { status: 500, outcome: "complete", bytes_out: 2 },
  },
  {
    name: "a stream",
    steps: [CHUNKED + chunk("abc"), 20, chunk("de") + chunk("")],
    record: { status: 200, outcome: "complete", bytes_out: 5 },
  },
  {
    name: "an event stream, its comments not counted",
    steps: [
      CHUNKED.replace("\r\n\r\n", "\r\nContent-Type: text/event-stream\r\n\r\n"),
      800,
      chunk("data: 1\n\n") + chunk(""),
    ],
    record: { status: 200, outcome: "complete", bytes_out: 9 },
  },
  {
    name: "an upload",
    method: "POST",
    body: "hello",
    record: { status: 200, outcome: "complete", bytes_in: 5, bytes_out: 2 },
  },
  {
    name: "a long upload",
    method: "POST",
    body: "x".repeat(300_000),
    record: { status: 200, outcome: "complete", bytes_in: 300_000 },
  },
  {
    name: "a signed upload",
    method: "POST",
    body: "hello",
    sign: { body: "hello", headers: { "content-length": "5" } },
    record: { status: 200, outcome: "complete", bytes_in: 5 },
  },
  { name: "HEAD", method: "HEAD", record: { status: 200, outcome: "complete", bytes_out: 0 } },
  {
    name: "a stream that breaks off",
    steps: [CHUNKED + chunk("abc"), 20, RST],
    record: { status: 200, outcome: "upstream_truncated", bytes_out: 3 },
  },
  {
    name: "a stream that ends without its last chunk",
    steps: [CHUNKED + chunk("abc"), 20, FIN],
    record: { status: 200, outcome: "upstream_truncated", bytes_out: 3 },
  },
  {
    name: "a long body that ends early",
    steps: [`HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\nabc`, 20, FIN],
    record: { status: 200, outcome: "upstream_truncated", bytes_out: 3 },
  },
  {
    name: "a short body that ends early",
    steps: ["HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc", 20, FIN],
    record: { ...FAILED, status: 502, code: "upstream_broken" },
  },
  {
    name: "no answer",
    steps: [RST],
    record: { ...FAILED, status: 502, code: "upstream_broken" },
  },
  {
    name: "no status",
    steps: [respond("x", { status: "999 Odd" })],
    record: { ...FAILED, status: 502, code: "upstream_broken" },
  },
  {
    name: "no answer in time",
    steps: [],
    record: { ...FAILED, status: 504, code: "upstream_timeout" },
  },
  {
    name: "a target that is not allowed",
    target: "http://127.0.0.1:1/x?q",
    record: { ...REFUSED, status: 403, code: "target_not_allowed" },
  },
  {
    name: "another secret",
    sign: { secret: "another secret" },
    record: { ...REFUSED, status: 400, code: "signature_mismatch" },
  },
  {
    name: "an unknown app",
    sign: { id: "nobody" },
    record: { ...REFUSED, status: 401, code: "app_unknown", app: "nobody" },
  },
  {
    name: "an old URL",
    sign: { expires: 1, now: new Date(Date.now() - 60_000) },
    record: { ...REFUSED, status: 400, code: "expired" },
  },
  {
    name: "a body with GET",
    body: "hello",
    record: { ...REFUSED, status: 400, code: "body_unexpected" },
  },
  {
    name: "another method",
    method: "TRACE",
    record: { ...REFUSED, status: 405, code: "method_not_allowed" },
  },
  {
    name: "a preflight",
    method: "OPTIONS",
    headers: ["Origin: https://app.example", "Access-Control-Request-Method: POST"],
    record: { status: 204, outcome: "preflight", bytes_in: 0, bytes_out: 0 },
  },
];

async function send(it: Case): Promise<void> {
  const {
    target = `${upstream.url}${PATH}?query=secret`,
    method = "GET",
    headers,
    body,
    sign,
  } = it;
  script = it.steps ?? [respond("ok").replace("\r\n", "\r\nContent-Type: text/plain\r\n")];
  if (method === "HEAD") script = ["HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"];
  const path = signedTarget(gateway.url, target, { method, ...sign });
  await exchange(gateway.port, requestBytes(method, path, { headers, body }));
}

describe("one line a request, with its outcome", () => {
  test.each(CASES.map((it) => [it.name, it] as const))("%s", async (_, it) => {
    const before = gateway.records().length;
    await send(it);
    await gateway.waitForRecord(() => gateway.records().length > before);
    const records = gateway.records().slice(before);
    expect(records).toHaveLength(1);
    const [record] = records;
    expect(record).toMatchObject({ method: it.method ?? "GET", ...it.record });
    expect(record?.["request_id"]).toBeString();
    expect(record?.["request_id"]).not.toBeEmpty();
    for (const name of ["ttfb_ms", "duration_ms"]) {
      expect(record?.[name]).toBeNumber();
      expect(record?.[name]).toBeGreaterThanOrEqual(0);
    }
    expect(JSON.stringify(record)).not.toMatch(/query|secret(?!":\d)/);
    const known = ["complete", "upstream_failed", "upstream_truncated"];
    if (!known.includes(String(record?.["outcome"]))) return;
    expect(record).toMatchObject({ app: CREDENTIAL.id, upstream: upstream.url + PATH });
  });

  test("there were no more", () => {
    expect(gateway.records()).toHaveLength(CASES.length);
    expect(new Set(gateway.records().map((record) => record["request_id"])).size).toBe(
      CASES.length,
    );
  });

  test("the line and the problem name the same request", async () => {
    const bytes = await exchange(gateway.port, requestBytes("GET", "/"));
    const response = parseResponse(bytes);
    const { request_id } = JSON.parse(String(response?.body)) as { request_id: string };
    expect(response?.all("x-request-id")).toEqual([request_id]);
    await gateway.waitForRecord((record) => record["request_id"] === request_id);
  });
});

describe("--no-bytes-monitor", () => {
  test("the line says nothing of bytes", async () => {
    const args = ["--upstream", upstream.url, "--no-bytes-monitor"];
    await using quiet = await startGateway({ args });
    script = [respond("ok")];
    const path = signedTarget(quiet.url, `${upstream.url}/`);
    await exchange(quiet.port, requestBytes("GET", path));
    const record = await quiet.waitForRecord(() => true);
    expect(record).toMatchObject({ status: 200, outcome: "complete" });
    expect(Object.keys(record).filter((name) => name.startsWith("bytes"))).toEqual([]);
  });
});
