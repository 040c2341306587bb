import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";

let answer = respond("ok");
const upstream = await startUpstream(() => [answer]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const lines = (count: number, size: number): string[] =>
  Array.from({ length: count }, (_, index) => `X-${index}: ${"v".repeat(size)}`);

describe("a request head that is too large is refused", () => {
  test.each([
    ["17 kB of headers in one", `${upstream.url}/`, lines(1, 17_000), [431]],
    ["17 kB of headers in many", `${upstream.url}/`, lines(50, 340), [431]],
    ["250 headers", `${upstream.url}/`, lines(250, 1), [431]],
    ["1,000 headers", `${upstream.url}/`, lines(1000, 1), [431]],
    ["a URL of 17 kB", `${upstream.url}/?${"q".repeat(17_000)}`, [], [414, 431]],
    ["a URL of 100 kB", `${upstream.url}/?${"q".repeat(100_000)}`, [], [414, 431]],
  ])("%s", async (_, target, headers, statuses) => {
    const response = await signedExchange(gateway, target, { headers });
    expect(statuses).toContain(response.status);
    expect(upstream.connections).toHaveLength(0);
  });
});

describe("a large request head below the limit is forwarded", () => {
  test.each([
    ["8 kB of headers", lines(1, 8_000), ""],
    ["100 headers", lines(100, 10), ""],
    ["a URL of 8 kB", [], "q".repeat(8_000)],
  ])("%s", async (_, headers, query) => {
    const response = await signedExchange(gateway, `${upstream.url}/?${query}`, { headers });
    expect(response.status).toBe(200);
    const request = upstream.requests.at(-1);
    expect(request?.startLine).toBe(`GET /?${query} HTTP/1.1`);
    const head = request?.head.toLowerCase();
    for (const line of headers) expect(head).toContain(line.toLowerCase());
  });
});

describe("a response head that is too large gets 502", () => {
  test.each([
    ["64 kB in one header", lines(1, 64 * 1024)],
    ["64 kB in many", lines(64, 1024)],
    ["1 MB in one header", lines(1, 1024 * 1024)],
    ["1 MB in many", lines(1024, 1024)],
    ["2 MB without an end", [`${"v".repeat(2 * 1024 * 1024)}`]],
  ])("%s", async (_, headers) => {
    answer = respond("ok", { headers });
    const response = await signedExchange(gateway, `${upstream.url}/`);
    expect(response.status).toBe(502);
    answer = respond("next");
    expect((await signedExchange(gateway, `${upstream.url}/`)).body.toString()).toBe("next");
  });
});
