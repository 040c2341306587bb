import { describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { type LightUpstream, startLightUpstream } from "../../support/light_upstream.ts";
import { childrenOf, descriptorsOf, memoryOf } from "../../support/processes.ts";
import { chunk } from "../../support/raw_upstream.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const CLIENTS = 3000;
const AT_ONCE = 50;
const MEGABYTE = 1024 * 1024;

const EVENTS =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

async function processesOf({ pid }: Gateway): Promise<number[]> {
  const workers = await childrenOf(pid);
  return workers.length > 0 ? workers : [pid];
}

async function total(pids: number[], of: (pid: number) => Promise<number>): Promise<number> {
  return (await Promise.all(pids.map(of))).reduce((a, b) => a + b);
}

/** One client that comes, waits until the upstream has its request, and leaves at one of three moments. */
async function comeAndLeave(
  gateway: Gateway,
  upstream: LightUpstream,
  asked: ReadonlySet<string>,
  number: number,
): Promise<void> {
  const moment = ["head", "stream", "upload"][number % 3]!;
  const path = `/${moment}/${number}`;
  const isUpload = moment === "upload";
  const headers = isUpload ? ["Content-Length: 100000"] : [];
  using client = await openSigned(gateway, upstream.url + path, isUpload ? "POST" : "GET", headers);
  if (isUpload) await client.write("part of it");
  await waitFor("the request", () => asked.has(path));
  if (moment === "stream") await waitFor("the event", () => client.received().includes("data"));
  if (number % 2) client.reset();
}

describe("when thousands of clients leave, nothing of them stays", () => {
  test.each([1, 2])("with %i workers", async (workers) => {
    const asked = new Set<string>();
    await using upstream = await startLightUpstream((socket, path) => {
      asked.add(path);
      if (path.startsWith("/stream")) socket.write(EVENTS + chunk("data: 1\n\n"));
    });
    const args = ["--upstream", upstream.url, "--workers", String(workers)];
    await using gateway = await startGateway({ args });
    const pids = await processesOf(gateway);
    const round = (count: number) =>
      inParallel(count, AT_ONCE, (number) => comeAndLeave(gateway, upstream, asked, number));
    const isOver = (): boolean => upstream.open.size === 0;

    // The first ones let the runtime allocate what it keeps.
    await round(300);
    await waitFor("the upstream's connections to close", isOver);
    const descriptors = await total(pids, descriptorsOf);
    const memory = await total(pids, memoryOf);
    asked.clear();
    await round(CLIENTS);
    await waitFor("the upstream's connections to close", isOver, 2000);
    await waitUntil("the descriptors", async () => {
      return (await total(pids, descriptorsOf)) <= descriptors + 10;
    });
    const records = () => gateway.records().filter(({ outcome }) => outcome === "client_gone");
    await waitFor("the records", () => records().length === CLIENTS + 300);
    const grown = ((await total(pids, memoryOf)) - memory) / MEGABYTE;
    console.log(`${CLIENTS} clients left: memory grew by ${grown.toFixed(1)} MB`);
    expect(grown).toBeLessThan(100);
    // A leak of 30 kB for each would be seen. What was there before is there still.
    expect((await processesOf(gateway)).toSorted()).toEqual(pids.toSorted());
  });
});
