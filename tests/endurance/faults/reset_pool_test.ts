import { afterAll, describe, expect, test } from "bun:test";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { type RawUpstream, respond, RST, startUpstream } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";

const usual = await startGateway({ args: ["--allow-private-upstreams"] });
const once = await startGateway({ args: ["--allow-private-upstreams", "--at-most-once"] });

afterAll(async () => {
  await Promise.all([usual.stop(), once.stop()]);
});

/** Answers on a new connection; a second request on it is read and then the connection reset. */
async function resetting(): Promise<RawUpstream & { seen: (path: string) => number }> {
  const upstream = await startUpstream(({ startLine }) =>
    startLine.includes("/prepare") ? [respond("ready")] : [RST],
  );
  const seen = (path: string): number =>
    upstream.requests.filter(({ startLine }) => startLine.includes(path)).length;
  return { ...upstream, seen };
}

/** How often the upstream saw a request that came on a pooled connection and was reset. */
async function sendReset(gateway: Gateway, method: string, size: number) {
  await using upstream = await resetting();
  const prepared = await signedExchange(gateway, `${upstream.url}/prepare`);
  expect(prepared.body.toString()).toBe("ready");
  const body = "x".repeat(size);
  const response = await signedExchange(gateway, `${upstream.url}/it`, { method, body });
  const { status } = response;
  const code = method === "HEAD" ? undefined : problemOf(response)["code"];
  return { seen: upstream.seen("/it"), status, code, connections: upstream.connections.length };
}

const SIZES = [0, 10, 70_000];

describe("a request that an upstream has read and reset is not sent again", () => {
  const methods = ["POST", "PATCH", "PUT", "DELETE"];
  const cases = methods.flatMap((method) => SIZES.map((size) => [method, size] as const));
  test.each(cases)("%s with %i bytes", async (method, size) => {
    const seen = await sendReset(usual, method, size);
    // The runtime would repeat PUT and DELETE, so they get connections of their own.
    const connections = method === "PUT" || method === "DELETE" ? 2 : 1;
    expect(seen).toEqual({ status: 502, code: "upstream_broken", seen: 1, connections });
  });
});

// A known limit of the runtime: what it holds to be idempotent, and does not stream, goes a second
// time, on a new connection.
describe("a method that the runtime repeats is seen twice at most", () => {
  test.each([
    ["GET", 0],
    ["HEAD", 0],
    ["OPTIONS", 0],
  ])("%s with %i bytes", async (method, size) => {
    const { seen, status } = await sendReset(usual, method, size);
    expect({ seen, status }).toEqual({ seen: 2, status: 502 });
  });
});

describe("with --at-most-once nothing is seen twice", () => {
  const methods = ["GET", "HEAD", "OPTIONS", "DELETE", "POST", "PUT", "PATCH"];
  const sizes = (method: string) => (/GET|HEAD/.test(method) ? [0] : SIZES);
  const cases = methods.flatMap((method) => sizes(method).map((size) => [method, size] as const));
  test.each(cases)("%s with %i bytes", async (method, size) => {
    const { seen, status } = await sendReset(once, method, size);
    expect({ seen, status }).toEqual({ seen: 1, status: 502 });
  });
});
