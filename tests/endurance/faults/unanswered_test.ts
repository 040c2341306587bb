import { afterAll, describe, expect, test } from "bun:test";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startGateway } from "../../support/gateway.ts";
import { startFullListener } from "../../support/full_listener.ts";
import { chunk, respond } from "../../support/raw_upstream.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

const upstream = await startScripted();
const gateway = await startGateway({
  args: ["--allow-private-upstreams", "--head-timeout", "3", "--connect-timeout", "2"],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

async function problem(target: string, method = "GET") {
  const start = performance.now();
  using client = await openSigned(gateway, target, method);
  const response = await client.response(method, 20_000);
  expect(response.all("content-type")).toEqual(["application/problem+json"]);
  const record = await gateway.waitForRecord(({ upstream: url }) => url === target);
  expect(record).toMatchObject({ outcome: "upstream_failed", status: response.status });
  const { code } = problemOf(response);
  return { status: response.status, code, seconds: (performance.now() - start) / 1000 };
}

describe("an upstream that accepts and never answers", () => {
  test.concurrent(
    "gets 504 at --head-timeout, and its connection is closed",
    async () => {
      const target = upstream.on();
      const { seconds, ...rest } = await problem(target);
      expect(rest).toEqual({ status: 504, code: "upstream_timeout" });
      expect(seconds).toBeGreaterThan(2.5);
      expect(seconds).toBeLessThan(10);
      const { pathname } = new URL(target);
      const its = upstream.connections.find(({ received }) => received().includes(` ${pathname} `));
      await waitFor("the end", () => its?.ended());
      expect(upstream.count(target)).toBe(1);
    },
    30_000,
  );

  test.concurrent(
    "the same with half a head",
    async () => {
      const { status } = await problem(upstream.on("HTTP/1.1 200 OK\r\nContent-Le"));
      expect(status).toBe(504);
    },
    30_000,
  );

  test.concurrent(
    "one that only takes its time is not harmed by --connect-timeout",
    async () => {
      const target = upstream.on(2500, respond("late"));
      using client = await openSigned(gateway, target);
      expect((await client.response("GET", 20_000)).body.toString()).toBe("late");
      expect(upstream.count(target)).toBe(1);
    },
    30_000,
  );
});

describe("an upstream that does not accept the connection", () => {
  test("gets 504 at --connect-timeout", async () => {
    await using listener = await startFullListener();
    const { seconds, ...rest } = await problem(`${listener.url}/`);
    expect(rest).toEqual({ status: 504, code: "upstream_timeout" });
    expect(seconds).toBeGreaterThan(1.5);
    // The head timeout, at 3 s, would end it as well.
    expect(seconds).toBeLessThan(2.9);
  }, 30_000);

  // While a slow answer is awaited a second connection is tried; it must not harm the first.
  test("does not cut a stream that has begun meanwhile", async () => {
    const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const steps = [1.2, head + chunk("first"), 3, chunk("last") + chunk("")];
    await using full = await startFullListener(steps);
    using client = await openSigned(gateway, `${full.url}/`);
    expect((await client.response("GET", 20_000)).body.toString()).toBe("firstlast");
  }, 30_000);
});

describe("an upstream that cannot be reached", () => {
  test.each([
    ["a name that does not resolve", "http://name.invalid/"],
    ["a port where nobody listens", "http://127.0.0.1:1/"],
  ])(
    "%s gets 502",
    async (_, target) => {
      const { status, code } = await problem(target);
      expect({ status, code }).toEqual({ status: 502, code: "upstream_unreachable" });
    },
    30_000,
  );
});
