import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { signUrl } from "../../lib/signing/mod.ts";
import { cpuTime } from "../cpu_time.ts";
import { ensurePackages } from "../packages.ts";
import { direct } from "../peers/direct.ts";
import { nginxStreams } from "../peers/nginx_streams.ts";
import type { Peer } from "../peers/peer.ts";
import { signway } from "../peers/signway.ts";
import { residentMemory } from "../resident_memory.ts";
import type { Scenario } from "../scenario.ts";
import { type Signer, tamper } from "../signed_urls.ts";
import type { ClientOrders, Received } from "../streams/clients.ts";
import { streamPath } from "../streams/events.ts";
import type { FeedOrders } from "../streams/feed.ts";
import { startHelper } from "../streams/helper_process.ts";
import { type StreamsCost, streamsTable } from "../streams/streams_table.ts";

const PEERS = [direct, nginxStreams, signway("Signway")];
const CREDENTIAL = { id: "bench", secret: "bench-secret-3f9d2c" };
const AUTHORIZATION = "Bearer bench-key-5b1f0c";
// Compilers first have to see what is hot; what they need for that is not what an event costs.
const WARM_UP_SECONDS = 5;

export const streams: Scenario = {
  summary: "memory and CPU time of thousands of event streams at once",
  async run({ log }) {
    ensurePackages();
    const { count, seconds } = size();
    const costs: StreamsCost[] = [];
    for (const peer of PEERS) {
      log(`${peer.name}: ${count} streams, ${seconds} s`);
      costs.push(await measure(peer, count, seconds));
    }
    return {
      title: "Thousands of event streams",
      text: [
        `${count} event streams at once, each with one event of about 33 bytes a second, for`,
        `${seconds} s after ${WARM_UP_SECONDS} s to warm up. One worker each, one run.`,
      ].join("\n"),
      tables: [streamsTable(costs)],
    };
  },
};

/** Larger than what other scenarios measure with by default, so it is read here. */
function size(): { count: number; seconds: number } {
  const { values } = parseArgs({
    strict: false,
    options: {
      streams: { type: "string", default: "5000" },
      seconds: { type: "string", default: "60" },
    },
  });
  const count = Number(values["streams"]);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error("--streams takes a number");
  return { count, seconds: Number(values["seconds"]) };
}

/** @throws Error when a stream missed an event, or got one twice, out of order or of another stream */
async function measure(peer: Peer, count: number, seconds: number): Promise<StreamsCost> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "signway-bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const feed = stack.use(startHelper<FeedOrders>("feed.ts"));
  const signer = { ...CREDENTIAL, upstreamPort: await feed.ask("port") };
  const setup = { ...signer, fixedTarget: "", authorization: AUTHORIZATION, folder };
  const server = stack.use(await peer.start(setup));
  const clients = stack.use(startHelper<ClientOrders>("clients.ts"));
  const paths = await Promise.all(
    Array.from({ length: count }, (_, stream) => pathFor(peer, stream, signer)),
  );
  if (peer.target === "signed") await assertRefused(server.port, tamper(paths[0]!));

  const memory = () => (server.pid === undefined ? Number.NaN : residentMemory(server.pid));
  const cpu = () => (server.pid === undefined ? Number.NaN : cpuTime(server.pid));
  const memoryBefore = memory();
  await clients.ask("open", server.port, paths);
  await feed.ask("publish", WARM_UP_SECONDS);
  assertWhole(peer, await clients.ask("collect", 1 + WARM_UP_SECONDS));

  const cpuBefore = cpu();
  await feed.ask("publish", seconds);
  const received = await clients.ask("collect", 1 + WARM_UP_SECONDS + seconds);
  assertWhole(peer, received);
  return {
    name: peer.name,
    received,
    memoryPerStream: (memory() - memoryBefore) / count,
    cpuPerEvent: (cpu() - cpuBefore) / (count * seconds),
  };
}

async function pathFor(peer: Peer, stream: number, { id, secret, upstreamPort }: Signer) {
  if (peer.target !== "signed") return streamPath(stream);
  const gateway = "http://127.0.0.1";
  const target = `http://127.0.0.1:${upstreamPort}${streamPath(stream)}`;
  const url = await signUrl(target, { gateway, id, secret, expires: 3600 });
  return url.slice(new URL(url).origin.length);
}

async function assertRefused(port: number, path: string): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { proxy: false });
  if (status !== 400) throw new Error(`a changed signature is answered with ${status}`);
}

function assertWhole({ name }: Peer, { lost }: Received): void {
  if (lost !== 0) throw new Error(`${name}: ${lost} events were lost`);
}
