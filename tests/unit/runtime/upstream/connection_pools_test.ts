import { afterAll, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Certificate, createAuthority } from "../../../support/certificates.ts";
import { ROOT } from "../../../support/root.ts";
import { folderWith } from "../../../support/folder.ts";

const authority = await createAuthority();
const foreign = await createAuthority();
const folder = await folderWith();
afterAll(() => Promise.all([authority, foreign, folder].map((one) => one[Symbol.asyncDispose]())));

const certificate = await authority.issue();
const BY_OPTION = { UPSTREAM_CA: authority.ca };
const BY_RUNTIME = { NODE_EXTRA_CA_CERTS: authority.caFile };

/** Ways to send a request, each as the source of a function `ask`. */
const WAYS = {
  signway: `
    import { TimerWheel } from "${ROOT}/lib/gateway/time/timer_wheel.ts";
    import { createUpstreamFetch } from "${ROOT}/lib/runtime/upstream/upstream_fetch.ts";
    const fetchUpstream = createUpstreamFetch({ timers: new TimerWheel(), upstreamCa: ca });
    const ask = (url) => fetchUpstream({ url, rule: { headers: [] } },
      { method: "GET", headers: new Headers(), body: null, signal: new AbortController().signal });`,
  "a spare pool": `
    import { ConnectionPools } from "${ROOT}/lib/runtime/upstream/connection_pools.ts";
    const pools = new ConnectionPools();
    const trust = { rejectUnauthorized: true, ...(ca && { ca }) };
    for (let i = 0; i < 60; i++) pools.enter(new URL("https://busy.test"), trust);
    const ask = (url) => fetch(url, { tls: pools.enter(url, trust).tls });`,
  "the runtime": `
    const ask = (url) => fetch(url, { tls: { rejectUnauthorized: true, ca } });`,
};

interface Load {
  way: keyof typeof WAYS;
  env: Record<string, string>;
  /** The host of the URL. Default: localhost. */
  host?: string;
  /** The number of requests at once, and how often so many are sent. Default: 1 */
  atOnce?: number;
  rounds?: number;
}

/** Sends requests from a process of its own; returns the responses or the failure, and the number of connections. */
async function send(
  { way, env, host = "localhost", atOnce = 1, rounds = 1 }: Load,
  tls = certificate,
) {
  await using upstream = await startUpstream(tls, atOnce);
  const path = folder.path(`${Bun.randomUUIDv7()}.ts`);
  await writeFile(
    path,
    `const ca = process.env.UPSTREAM_CA;
    ${WAYS[way]}
    const url = new URL("https://${host}:${upstream.port}/");
    const one = () => ask(url).then((response) => response.text());
    for (let round = 0; round < ${rounds}; round++) {
      const texts = await Promise.all(Array.from({ length: ${atOnce} }, one)).catch((e) => [e.reason ?? e.code]);
      process.stdout.write([...new Set(texts)].join());
    }
    process.exit();`,
  );
  const result = await Bun.$`${process.execPath} ${path}`
    .env({ ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: "65535", ...env })
    .text();
  return { result, connections: upstream.connections() };
}

/** Starts an upstream that answers so many requests together when the last of them is there. */
async function startUpstream({ cert, key }: Certificate, together: number) {
  let connections = 0;
  let waiting: (() => void)[] = [];
  const server = createServer({ cert, key, keepAliveTimeout: 60_000 }, (_, response) => {
    waiting.push(() => response.end("."));
    if (waiting.length < together) return;
    for (const answer of waiting) answer();
    waiting = [];
  });
  server.on("secureConnection", () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const ROUNDS = 20;
const ALL_ANSWERED = ".".repeat(ROUNDS);

describe("20 rounds of 256 requests at once make few more than 256 connections to", () => {
  test.each([
    ["a name, with certificates from an option", "localhost", BY_OPTION],
    ["a name, with certificates of the runtime", "localhost", BY_RUNTIME],
    ["an address, with certificates from an option", "127.0.0.1", BY_OPTION],
  ])("%s", async (_, host, env) => {
    const load: Load = { way: "signway", host, env, atOnce: 256, rounds: ROUNDS };
    const { result, connections } = await send(load);
    expect(result).toBe(ALL_ANSWERED);
    expect(connections).toBeGreaterThanOrEqual(256);
    expect(connections).toBeLessThan(320);
  });
});

// When this fails the runtime has changed, and `connection_pools.ts` has to follow.
describe("the runtime by itself keeps 64 idle connections:", () => {
  test.each([
    [64, 64],
    [80, 80 + (ROUNDS - 1) * 16],
  ])("20 rounds of %i requests at once make %i connections", async (atOnce, expected) => {
    const load: Load = { way: "the runtime", env: BY_OPTION, atOnce, rounds: ROUNDS };
    expect(await send(load)).toEqual({ result: ALL_ANSWERED, connections: expected });
  });
});

describe("a spare pool checks certificates as the shared one does:", () => {
  const UNKNOWN = "UNABLE_TO_VERIFY_LEAF_SIGNATURE";
  const OTHER_NAME = "ERR_TLS_CERT_ALTNAME_INVALID";
  test.each([
    ["an authority from an option", BY_OPTION, {}, "."],
    ["an authority of the runtime", BY_RUNTIME, {}, "."],
    ["no authority", {}, {}, UNKNOWN],
    ["another authority", { UPSTREAM_CA: foreign.ca }, {}, UNKNOWN],
    ["another name, an option", BY_OPTION, { names: "DNS:other.test" }, OTHER_NAME],
    ["another name, the runtime", BY_RUNTIME, { names: "DNS:other.test" }, OTHER_NAME],
    ["an expired certificate", BY_OPTION, { expired: true }, "CERT_HAS_EXPIRED"],
    ["NODE_TLS_REJECT_UNAUTHORIZED", { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, {}, UNKNOWN],
  ])("%s", async (_, env, options, expected) => {
    const presented = await authority.issue(options);
    for (const way of ["the runtime", "a spare pool"] as const) {
      expect([way, (await send({ way, env }, presented)).result]).toEqual([way, expected]);
    }
  });
});
