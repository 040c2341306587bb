import { describe, expect, test } from "bun:test";
import { closeSync, constants, openSync, writeSync } from "node:fs";
import { folderWith } from "../../support/folder.ts";
import { freePort } from "../../support/free_port.ts";
import { CREDENTIAL, type Gateway, startGateway } from "../../support/gateway.ts";
import { connect, exchange, parseResponse, type RawClient } from "../../support/raw_client.ts";
import { chunk, type RawUpstream, startUpstream } from "../../support/raw_upstream.ts";
import { PROGRAM } from "../../support/run_signway.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/** A gateway with one stream under way. */
async function streaming(args: string[], rest: () => Promise<unknown>) {
  const upstream = await startUpstream([HEAD + chunk("first"), rest, chunk("last") + chunk("")]);
  const gateway = await startGateway({ args: ["--upstream", upstream.url, ...args] });
  const client = await connect(gateway.port);
  await client.write(requestBytes("GET", signedTarget(gateway.url, `${upstream.url}/`)));
  await waitFor("the first piece", () => client.received().includes("first"));
  return { upstream, gateway, client, [Symbol.asyncDispose]: () => end(upstream, gateway, client) };
}

async function end(upstream: RawUpstream, gateway: Gateway, client: RawClient): Promise<void> {
  client.socket.destroy();
  await gateway.stop("SIGKILL");
  await upstream.stop();
}

const stopping = (gateway: Gateway): Promise<unknown> =>
  waitFor("the stop", () => gateway.lines().find(({ msg }) => msg === "stopping"));
const FOREVER = (): Promise<never> => new Promise(() => {});

describe("SIGTERM", () => {
  test.each(["SIGTERM", "SIGINT"] as const)(
    "%s lets a running stream finish, turns new requests away and exits with 0",
    async (signal) => {
      const { promise: gate, resolve: openGate } = Promise.withResolvers<void>();
      await using running = await streaming([], () => gate);
      const { gateway, client, upstream } = running;
      gateway.kill(signal);
      await stopping(gateway);
      const path = signedTarget(gateway.url, `${upstream.url}/`);
      const late = await exchange(gateway.port, requestBytes("GET", path)).catch(() => undefined);
      expect([undefined, 503]).toContain(late && parseResponse(late)?.status);
      expect(upstream.requests).toHaveLength(1);

      openGate();
      expect((await client.response()).body.toString()).toBe("firstlast");
      expect(await gateway.exited).toBe(0);
      expect(gateway.records()).toMatchObject([{ outcome: "complete", bytes_out: 9 }]);
    },
  );

  test("a stream that outlives the drain time is cut, and visibly", async () => {
    await using running = await streaming(["--drain", "1"], FOREVER);
    const { gateway, client } = running;
    gateway.kill("SIGTERM");
    expect(await gateway.exited).toBe(0);
    await client.closed();
    // No last chunk: nobody can take this body for a whole one.
    expect(client.received().toString()).toContain("first");
    expect(client.received().toString()).not.toContain("0\r\n\r\n");
    expect(gateway.records()).toMatchObject([{ outcome: "gateway_stopped", bytes_out: 5 }]);
  });

  test("a second signal exits now", async () => {
    await using running = await streaming(["--drain", "600"], FOREVER);
    const { gateway } = running;
    gateway.kill("SIGTERM");
    await stopping(gateway);
    const start = performance.now();
    expect(await gateway.stop()).not.toBe(0);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test.each([
    ["nothing sent yet", "", 600],
    ["an answered request", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 600],
    // The runtime waits for the rest of a head, up to its own limit of 12 s or the drain time.
    ["a half-sent request", "GET / HTTP/1.1\r\nHost:", 1],
  ])("a connection with %s does not hold it up", async (_, bytes, drain) => {
    await using gateway = await startGateway({ args: ["--drain", String(drain)] });
    using client = await connect(gateway.port);
    await client.write(bytes);
    if (bytes.endsWith("\r\n\r\n")) await client.response();
    await Bun.sleep(100);
    const start = performance.now();
    expect(await gateway.stop()).toBe(0);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

/** A pipe that takes no more bytes. */
function openFullPipe(path: string): number {
  Bun.spawnSync(["mkfifo", path]);
  const pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const some = Buffer.alloc(4096);
  try {
    for (;;) writeSync(pipe, some);
  } catch {
    return pipe;
  }
}

const isReached = (url: string): Promise<boolean> =>
  fetch(url, { headers: { Connection: "close" } }).then(
    () => true,
    () => false,
  );

test.each([1, 2])("SIGHUP at the end of %i workers changes nothing", async (workers) => {
  await using folder = await folderWith();
  const pipe = openFullPipe(folder.path("stdout"));
  const port = await freePort();
  const args = ["--host", "127.0.0.1", "--port", `${port}`, "--workers", `${workers}`];
  const { PATH = "" } = process.env;
  const child = Bun.spawn([PROGRAM, ...args], {
    env: { PATH, SW_ID: CREDENTIAL.id, SW_SECRET: CREDENTIAL.secret },
    stdio: ["ignore", pipe, "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  await waitUntil("the start", () => isReached(url));
  child.kill("SIGTERM");
  await waitUntil("the stop", async () => !(await isReached(url)));
  // It waits for its log, which nobody reads.
  while (child.exitCode === null && child.signalCode === null) {
    child.kill("SIGHUP");
    await Bun.sleep(10);
  }
  expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  closeSync(pipe);
});
