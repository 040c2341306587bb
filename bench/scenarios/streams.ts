import { assertRefused } from "../load/correctness.ts";
import { startHelper } from "../load/helper_process.ts";
import { createSignedRequest, tamperSignature } from "../load/signed_request.ts";
import { residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { bareBun, bareBunReading } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { cpuTimeOf, startFleet } from "../peers/fleet.ts";
import { nativeFloor } from "../peers/native_floor.ts";
import { nginxPlain } from "../peers/nginx.ts";
import type { Peer, Setup } from "../peers/peer.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario, Series } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { createBenchFolder, createSetup } from "../setup/test_bed.ts";
import type { ClientHandlers } from "../streams/clients.ts";
import { streamPath } from "../streams/events.ts";
import type { FeedHandlers } from "../streams/feed.ts";

const PEERS = [signway(), nginxPlain(), bareBun(), bareBunReading(), nativeFloor, direct];

/** The number of streams, and the events that each gets in a second: 15 is a fluent LLM. */
interface StreamLoad {
  count: number;
  perSecond: number;
}

const LOADS: readonly StreamLoad[] = [
  { count: 200, perSecond: 50 },
  { count: 1000, perSecond: 1 },
  { count: 2000, perSecond: 5 },
  { count: 5000, perSecond: 1 },
  { count: 1000, perSecond: 15 },
];
const TINY_LOAD: StreamLoad = { count: 20, perSecond: 5 };

// Compilers first have to see what is hot; the time that they need is not the cost of an event.
const WARM_UP_SECONDS = 2;

const TEXT = `All streams are open at once; their events of about 33 bytes are spread evenly over the second, 15
a second as a fluent LLM's. The streams of all rows stay open while one row after the other gets its events. A lost,
repeated, foreign or late event ends the run. *kB a stream* is resident memory after a round less that before
the first stream; latencies are from the moment before the feed writes to the moment after the client has
read, *added* less those without a gateway in the same round. *first* is the time from a request to its first event, which
the upstream sends at once, while four streams at a time are opened beside those that are open, less that without a gateway.
*${nativeFloor.name}* verifies as in the table of small GETs, and reads the bodies.`;

export const streams: Scenario = {
  summary: "CPU time an event, memory and latency of thousands of open event streams",
  async run(effort) {
    ensurePackages();
    const loads = effort.smoke ? [TINY_LOAD] : effort.quick ? LOADS.slice(0, 2) : LOADS;
    const groups: Group[] = [];
    for (const load of loads) groups.push(await measureGroup(load, effort));
    return {
      title: "Event streams",
      text: TEXT,
      quantities: [
        { key: "cpu", label: "µs of CPU an event" },
        { key: "memory", label: "kB a stream" },
        { key: "p50", label: "added p50 ms" },
        { key: "p99", label: "added p99 ms" },
        { key: "firstP50", label: "first p50 ms" },
        { key: "firstP99", label: "first p99 ms" },
      ],
      references: [nginxPlain().name, bareBun().name, bareBunReading().name],
      groups,
    };
  },
};

async function measureGroup({ count, perSecond }: StreamLoad, effort: Effort): Promise<Group> {
  const events = `${perSecond} event${perSecond > 1 ? "s" : ""}/s each`;
  const title = `${count.toLocaleString("en")} streams, ${events}`;
  await using stack = new AsyncDisposableStack();
  const all: OpenStreams[] = [];
  for (const peer of PEERS) all.push(await openStreams(peer, count, stack));
  const seconds = effort.smoke ? 1 : effort.seconds + 1;
  if (!effort.smoke) for (const one of all) await publish(one, WARM_UP_SECONDS, perSecond);
  const samples = await interleave(effort.rounds, all, async (one) => {
    const sample = await publish(one, seconds, perSecond);
    effort.log(`${title} | ${one.peer.name}: ${sample.cpu.toFixed(1)} µs an event`);
    return sample;
  });
  return { title, series: createSeries(samples) };
}

/** The samples of all peers, with the latencies less those without a gateway. */
function createSeries(samples: ReadonlyMap<OpenStreams, Sample[]>): Series[] {
  const [without, base] = [...samples].find(([{ peer }]) => peer === direct)!;
  return [...samples]
    .filter(([{ peer }]) => peer !== direct)
    .map(([{ peer, first }, rounds]) => ({
      name: peer.name,
      samples: {
        cpu: rounds.map(({ cpu }) => cpu),
        memory: rounds.map(({ memory }) => memory),
        p50: rounds.map(({ p50Ms }, round) => p50Ms - base[round]!.p50Ms),
        p99: rounds.map(({ p99Ms }, round) => p99Ms - base[round]!.p99Ms),
        firstP50: [first.p50Ms - without.first.p50Ms],
        firstP99: [first.p99Ms - without.first.p99Ms],
      },
    }));
}

type OpenStreams = Awaited<ReturnType<typeof openStreams>>;
type Sample = Awaited<ReturnType<typeof publish>>;

async function openStreams(peer: Peer, count: number, stack: AsyncDisposableStack) {
  const feed = stack.use(startHelper<FeedHandlers>("streams/feed.ts"));
  const upstream = `http://127.0.0.1:${await feed.call("port")}`;
  const setup = createSetup({ upstream, folder: await createBenchFolder(stack) });
  const [member] = await startFleet([peer], setup, stack);
  const { server } = member!;
  const clients = stack.use(startHelper<ClientHandlers>("streams/clients.ts"));
  const paths = await createPaths(count, peer, setup);
  if (peer.verifies) {
    await assertRefused(member!, tamperSignature({ target: paths[0]! }), "a changed signature");
  }
  const readMemory = () => (server.pid === undefined ? Number.NaN : residentMemory(server.pid));
  const readCpuTime = () => cpuTimeOf(server);
  const memoryBefore = readMemory();
  const first = await clients.call("open", server.port, paths);
  await clients.call("collect", 1);
  const readers = { readMemory, memoryBefore, readCpuTime };
  return { peer, count, feed, clients, first, ...readers, eventsOfEach: 1 };
}

function createPaths(count: number, peer: Peer, setup: Setup): Promise<string[]> {
  const paths = Array.from({ length: count }, async (_, stream) => {
    const path = streamPath(stream);
    return peer.verifies ? (await createSignedRequest(path, setup)).target : path;
  });
  return Promise.all(paths);
}

async function publish(open: OpenStreams, seconds: number, perSecond: number) {
  const cpuBefore = open.readCpuTime();
  await open.feed.call("publish", seconds * perSecond, perSecond);
  open.eventsOfEach += seconds * perSecond;
  const received = await open.clients.call("collect", open.eventsOfEach);
  if (received.lost !== 0) throw new Error(`${open.peer.name}: ${received.lost} events were lost`);
  return {
    ...received,
    cpu: (open.readCpuTime() - cpuBefore) / (open.count * seconds * perSecond),
    memory: (open.readMemory() - open.memoryBefore) / open.count / 1024,
  };
}
