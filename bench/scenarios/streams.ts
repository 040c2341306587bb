import { signedRequest, type Signer, tamper } from "../load/signed.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { bareBun, bareBunReading } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import type { Peer } from "../peers/peer.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import type { ClientOrders } from "../streams/clients.ts";
import { streamPath } from "../streams/events.ts";
import type { FeedOrders } from "../streams/feed.ts";
import { startHelper } from "../load/helper_process.ts";
import { AUTHORIZATION, benchFolder, CREDENTIAL } from "./bench_folder.ts";

const PEERS = [signway(), nginxPlain(), bareBun(), bareBunReading(), direct];

/** How many streams there are, and how many events each gets in a second: 15 is a fluent LLM. */
const SIZES = [
  { count: 1000, perSecond: 1 },
  { count: 5000, perSecond: 1 },
  { count: 1000, perSecond: 15 },
];
const TINY = { count: 20, perSecond: 5 };

// Compilers first have to see what is hot; what they need for that is not what an event costs.
const WARM_UP_SECONDS = 2;

export const streams: Scenario = {
  summary: "CPU time an event, memory and latency of thousands of open event streams",
  async run(effort) {
    ensurePackages();
    const sizes = effort.smoke ? [TINY] : effort.quick ? SIZES.slice(0, 1) : SIZES;
    const groups: Group[] = [];
    for (const size of sizes) groups.push(await measureGroup(size, effort));
    return {
      title: "Event streams",
      text: `All streams are open at once; their events of about 33 bytes are spread evenly over the second, 15
a second as a fluent LLM's. The streams of all rows stay open while one row after the other gets its events. A lost,
repeated, foreign or late event ends the run. *kB a stream* is resident memory after a round less that before
the first stream; latencies are from the moment before the feed writes to the moment after the client has
read, *added* less those without a gateway in the same round.`,
      quantities: [
        { key: "cpu", label: "µs of CPU an event" },
        { key: "memory", label: "kB a stream" },
        { key: "p50", label: "added p50 ms" },
        { key: "p99", label: "added p99 ms" },
      ],
      references: [nginxPlain().name, bareBun().name, bareBunReading().name],
      groups,
    };
  },
};

async function measureGroup(size: (typeof SIZES)[number], effort: Effort): Promise<Group> {
  const { count, perSecond } = size;
  const events = `${perSecond} event${perSecond > 1 ? "s" : ""}/s each`;
  const title = `${count.toLocaleString("en")} streams, ${events}`;
  await using stack = new AsyncDisposableStack();
  const opened: Opened[] = [];
  for (const peer of PEERS) opened.push(await open(peer, count, stack));
  const seconds = effort.smoke ? 1 : effort.seconds + 1;
  if (!effort.smoke) for (const one of opened) await publish(one, WARM_UP_SECONDS, perSecond);
  const rounds = await interleave(effort.rounds, opened, async (one) => {
    const sample = await publish(one, seconds, perSecond);
    effort.log(`${title} | ${one.peer.name}: ${sample.cpu.toFixed(1)} µs an event`);
    return sample;
  });
  const base = rounds.get(opened.find(({ peer }) => peer === direct)!)!;
  const series = opened
    .filter(({ peer }) => peer !== direct)
    .map((one) => {
      const samples = rounds.get(one)!;
      return {
        name: one.peer.name,
        samples: {
          cpu: samples.map(({ cpu }) => cpu),
          memory: samples.map(({ memory }) => memory),
          p50: samples.map(({ p50Ms }, round) => p50Ms - base[round]!.p50Ms),
          p99: samples.map(({ p99Ms }, round) => p99Ms - base[round]!.p99Ms),
        },
      };
    });
  return { title, series };
}

type Opened = Awaited<ReturnType<typeof open>>;

async function open(peer: Peer, count: number, stack: AsyncDisposableStack) {
  const feed = stack.use(startHelper<FeedOrders>("streams/feed.ts"));
  const upstream = `http://127.0.0.1:${await feed.ask("port")}`;
  const signer: Signer = { ...CREDENTIAL, upstream };
  const folder = await benchFolder(stack);
  const setup = { ...signer, fixedTarget: "", authorization: AUTHORIZATION, folder };
  const [member] = await startFleet([peer], setup, stack);
  const { port, pid } = member!.server;
  const clients = stack.use(startHelper<ClientOrders>("streams/clients.ts"));
  const paths = await Promise.all(
    Array.from({ length: count }, async (_, stream) =>
      peer.verifies ? (await signedRequest(streamPath(stream), signer)).target : streamPath(stream),
    ),
  );
  if (peer.verifies) await assertRefused(port, tamper({ target: paths[0]! }).target);
  const memory = () => (pid === undefined ? Number.NaN : residentMemory(pid));
  const cpu = () => (pid === undefined ? Number.NaN : cpuTime(pid));
  const memoryBefore = memory();
  await clients.ask("open", port, paths);
  const received = await clients.ask("collect", 1);
  return { peer, count, feed, clients, memory, memoryBefore, cpu, received, each: 1 };
}

async function publish(one: Opened, seconds: number, perSecond: number) {
  const before = one.cpu();
  await one.feed.ask("publish", seconds * perSecond, perSecond);
  one.each += seconds * perSecond;
  const received = await one.clients.ask("collect", one.each);
  if (received.lost !== 0) throw new Error(`${one.peer.name}: ${received.lost} events were lost`);
  return {
    ...received,
    cpu: (one.cpu() - before) / (one.count * seconds * perSecond),
    memory: (one.memory() - one.memoryBefore) / one.count / 1024,
  };
}

async function assertRefused(port: number, path: string): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { proxy: false });
  if (status !== 400) throw new Error(`a changed signature is answered with ${status}`);
}
