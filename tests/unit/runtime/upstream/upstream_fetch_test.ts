import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { createUpstreamFetch } from "../../../../lib/runtime/upstream/upstream_fetch.ts";
import { startFullListener } from "../../../support/full_listener.ts";
import { FIN, RST, startUpstream, type Step } from "../../../support/raw_upstream.ts";
import { ROOT } from "../../../support/root.ts";

const request = () => ({
  method: "GET",
  headers: new Headers(),
  body: null,
  signal: new AbortController().signal,
});

const unexpected = (): never => {
  throw new Error("nothing was to be aborted");
};

const LIB = `${ROOT}/lib`;

const fetchUpstream = createUpstreamFetch({ timers: new TimerWheel() });

describe("fetchUpstream", () => {
  test("connects to the address that was checked, and names the host", async () => {
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: (inbound) => new Response(inbound.headers.get("host")),
    });
    const url = new URL(`http://name.invalid:${server.port}/x`);
    const response = await fetchUpstream(
      { url, rule: { headers: [] }, address: "127.0.0.1" },
      request(),
      unexpected,
    );
    expect(await response.text()).toBe(`name.invalid:${server.port}`);
  });

  test.each([
    ["a port where nobody listens", "http://127.0.0.1:1/", "upstream_unreachable"],
    ["a name that does not resolve", "http://name.invalid/", "upstream_unreachable"],
  ])("%s is %s: %s", async (_, url, code) => {
    const failure = fetchUpstream(
      { url: new URL(url), rule: { headers: [] } },
      request(),
      unexpected,
    );
    const error = await failure.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GatewayError);
    expect((error as GatewayError).code).toBe(code as "upstream_unreachable");
    expect((error as GatewayError).message).not.toContain("//");
  });
});

describe("fetchUpstream to a checked address over TLS", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(`${tmpdir()}/signway-tls-`);
    const run = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"];
    const names = ["-subj", "/CN=good.test", "-addext", "subjectAltName=DNS:good.test"];
    const files = ["-keyout", `${folder}/key.pem`, "-out", `${folder}/cert.pem`];
    await Bun.$`openssl ${[...run, ...names, ...files]}`.quiet();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function fetchAs(name: string, trusted: boolean): Promise<string> {
    using server = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      tls: { cert: Bun.file(`${folder}/cert.pem`), key: Bun.file(`${folder}/key.pem`) },
      fetch: (inbound) => new Response(inbound.headers.get("host")),
    });
    // A process of its own, because the runtime reads its extra CA from the environment at the start.
    const script = `
      import { TimerWheel } from "${LIB}/gateway/time/timer_wheel.ts";
      import { createUpstreamFetch } from "${LIB}/runtime/upstream/upstream_fetch.ts";
      const url = new URL("https://${name}:${server.port}/");
      const signal = new AbortController().signal;
      const request = { method: "GET", headers: new Headers(), body: null, signal };
      const fetchUpstream = createUpstreamFetch({ timers: new TimerWheel() });
      const answer = fetchUpstream({ url, rule: { headers: [] }, address: "127.0.0.1" }, request);
      console.log(await answer.then((r) => r.text(), (e) => e.code + " " + e.message));`;
    writeFileSync(`${folder}/fetch.ts`, script);
    const env = trusted ? { NODE_EXTRA_CA_CERTS: `${folder}/cert.pem` } : {};
    const output = await Bun.$`${process.execPath} ${folder}/fetch.ts`
      .env({ ...process.env, ...env })
      .text();
    return output.trim().replace(String(server.port), "PORT");
  }

  test.each([
    ["the certificate's name", "good.test", true, "good.test:PORT"],
    ["another name", "evil.test", true, "upstream_unreachable ERR_TLS_CERT_ALTNAME_INVALID"],
    ["an unknown issuer", "good.test", false, "upstream_unreachable DEPTH_ZERO_SELF_SIGNED_CERT"],
  ])("%s", async (_, name, trusted, expected) => {
    expect(await fetchAs(name, trusted)).toBe(expected);
  });
});

describe("a connection that takes too long", () => {
  test.each<[string, (string | number)[], boolean]>([
    ["was not made, and nothing can have been sent", [], false],
    ["was made, and the request may have been sent", [600], true],
  ])("%s", async (_, steps, mayBeSent) => {
    await using listener = await startFullListener(steps);
    const hasty = createUpstreamFetch({ timers: new TimerWheel(), connectTimeout: 0.4 });
    const canceler = new AbortController();
    const told: unknown[] = [];
    const failure = hasty(
      { url: new URL(listener.url), rule: { headers: [] } },
      { ...request(), method: "POST", signal: canceler.signal },
      (reason, isSent) => {
        told.push(reason.code, reason.reason, isSent);
        canceler.abort(reason);
      },
    );
    await expect(failure).rejects.toBeInstanceOf(GatewayError);
    expect(told).toEqual(["upstream_timeout", "no connection", mayBeSent]);
  });
});

// Each of them must be told from a request that was sent: its limits are given back.
describe("nothing of a request was sent: ", () => {
  const CODES: readonly [string, string, string][] = [
    ["a refused connection", "http://127.0.0.1:1/", "ECONNREFUSED"],
    ["one of IPv6", "http://[::1]:1/", "ECONNREFUSED"],
    ["one for TLS", "https://127.0.0.1:1/", "ECONNREFUSED"],
    ["a name that is not resolved", "http://name.invalid/", "ENOTFOUND"],
    ["one for TLS", "https://name.invalid/", "ENOTFOUND"],
    ["a broadcast address", "http://255.255.255.255/", "ENETUNREACH"],
  ];
  test.each(CODES)("%s", async (_, url, reason) => {
    const failure = fetchUpstream(
      { url: new URL(url), rule: { headers: [] } },
      { ...request(), method: "POST", body: "x" },
      unexpected,
    );
    expect(await failure.catch((error: unknown) => error)).toMatchObject({
      code: "upstream_unreachable",
      reason,
    });
  });
});

describe("a request may have been sent: ", () => {
  test.each<[string, Step[]]>([
    ["the connection is closed", [FIN]],
    ["the connection is reset", [RST]],
    ["the answer is no HTTP", ["SSH-2.0-x\r\n\r\n", FIN]],
    ["the head breaks off", ["HTTP/1.1 200 OK\r\nContent-", FIN]],
  ])("%s", async (_, steps) => {
    await using upstream = await startUpstream(steps);
    const failure = fetchUpstream(
      { url: new URL(upstream.url), rule: { headers: [] } },
      { ...request(), method: "POST", body: "x" },
      unexpected,
    );
    expect(await failure.catch((error: unknown) => error)).toMatchObject({
      code: "upstream_broken",
    });
    expect(upstream.requests).toHaveLength(1);
  });
});
