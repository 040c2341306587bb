import { describe, expect, test } from "bun:test";
import { openSigned, startScripted } from "../../support/by_path.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { startGateway } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { respond } from "../../support/raw_upstream.ts";
import { problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { requestBytes } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { ROOT } from "../../support/root.ts";

const SERVER = `${ROOT}/server.ts`;

/** Runs the gateway under a limit of descriptors. */
const limited = (count: number): string[] => [
  "sh",
  "-c",
  `ulimit -n ${count}; exec "$@"`,
  "sh",
  process.execPath,
  SERVER,
];

describe("few descriptors", () => {
  test.each([
    [64, true],
    [4095, true],
    [4096, false],
  ])("with ulimit -n %i the start warns: %p", async (count, warns) => {
    await using gateway = await startGateway({ command: limited(count) });
    const warning = gateway.lines().find(({ code }) => code === "few_descriptors");
    expect(warning !== undefined).toBe(warns);
    if (warns)
      expect(warning).toMatchObject({ level: "warn", msg: expect.stringContaining(String(count)) });
  });

  test("once they are used up the gateway lives, and recovers when clients leave", async () => {
    await using upstream = await startScripted();
    const args = ["--upstream", upstream.url];
    await using gateway = await startGateway({ args, command: limited(64) });
    const clients: RawClient[] = [];
    for (let i = 0; i < 100; i += 1) clients.push(await connect(gateway.port));
    for (const client of clients) void client.write("GET / HTTP/1.1\r\n");
    await Bun.sleep(500);
    for (const client of clients) client.reset();
    const target = upstream.on(respond("recovered"));
    await waitUntil("the recovery", async () => {
      const response = await signedExchange(gateway, target).catch(() => undefined);
      return response?.body.toString() === "recovered";
    });
  }, 30_000);
});

describe("--max-connections", () => {
  test("more get 503 with Retry-After, and those under way go on", async () => {
    await using feed = await startEventFeed();
    const args = ["--upstream", feed.url, "--max-connections", "10"];
    await using gateway = await startGateway({ args });
    const clients: RawClient[] = [];
    for (let i = 0; i < 10; i += 1) {
      const client = await openSigned(gateway, `${feed.url}/`);
      await waitFor("the first event", () => client.received().includes("hello"));
      clients.push(client);
    }
    for (let i = 0; i < 20; i += 1) {
      const response = await signedExchange(gateway, `${feed.url}/late`);
      expect([response.status, problemOf(response)["code"]]).toEqual([503, "too_many_connections"]);
      expect(Number(response.all("retry-after")[0])).toBeGreaterThan(0);
    }
    expect(feed.requests()).toBe(10);
    clients[0]?.reset();
    const next = await waitForPlace();
    feed.finish();
    for (const client of [...clients.slice(1), next]) {
      expect((await client.response()).body.toString()).toContain("hello");
    }

    async function waitForPlace(): Promise<RawClient> {
      for (;;) {
        const client = await openSigned(gateway, `${feed.url}/next`);
        const { status } = await client.responseHead();
        if (status === 200) return client;
        client.reset();
        await Bun.sleep(20);
      }
    }
  }, 20_000);

  test("every way in which an exchange ends gives its place back", async () => {
    await using upstream = await startScripted();
    const limits = ["--max-connections", "1", "--head-timeout", "1"];
    await using gateway = await startGateway({ args: ["--upstream", upstream.url, ...limits] });
    const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    const left = await openSigned(gateway, upstream.on());
    await waitFor("the request", () => upstream.requests.length === 1);
    left.reset();
    await gateway.waitForRecord(({ outcome }) => outcome === "client_gone");
    const cut = await openSigned(gateway, upstream.on(`${chunked}3\r\nabc\r\n`, 20, "zz\r\n"));
    await cut.closed();
    await gateway.waitForRecord(({ outcome }) => outcome === "upstream_truncated");
    expect((await signedExchange(gateway, upstream.on())).status).toBe(504);
    expect(
      (await signedExchange(gateway, upstream.on(respond("", { status: "999 Odd" })))).status,
    ).toBe(502);
    for (let i = 0; i < 3; i += 1) {
      const response = await signedExchange(gateway, upstream.on(respond("ok")));
      expect(response.status).toBe(200);
    }
    using unsigned = await connect(gateway.port);
    await unsigned.write(requestBytes("GET", "/"));
    expect((await unsigned.response()).status).toBe(400);
  }, 20_000);
});
