import { assertRefused } from "../load/correctness.ts";
import { startHelper } from "../load/helper_process.ts";
import { createSignedRequest, tamperSignature } from "../load/signed_request.ts";
import type { Latencies } from "../measure/latencies.ts";
import { residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { direct } from "../peers/direct.ts";
import { cpuTimeOf, startFleet } from "../peers/fleet.ts";
import type { Peer, Setup } from "../peers/peer.ts";
import type { Effort, Series } from "../scenario.ts";
import { createBenchFolder, createSetup } from "../setup/test_bed.ts";
import type { ClientHandlers } from "./clients.ts";
import { streamPath } from "./events.ts";
import type { FeedHandlers } from "./feed.ts";

/** Streams that are open at once. */
export interface StreamLoad {
  /** For the log. */
  title: string;
  count: number;
  /** The events that each gets in a second. */
  perSecond: number;
  /** How long each gets them in a round. */
  seconds: number;
}

// Compilers first have to see what is hot; the time that they need is not the cost of an event.
const WARM_UP_SECONDS = 2;
const WARM_UP_VISITS = 10;

/** Streams whose first event is timed in a round. */
const VISITS = 200;
const TINY_VISITS = 10;

/**
 * Opens streams through each peer, and sends them events: to those of one peer after the other.
 *
 * @param peers the rows, and no gateway at all
 * @param load how many streams, and how many events
 * @param effort how often to measure
 * @returns the samples of each gateway, with its latencies less those without one
 * @throws Error when an event is lost, repeated or late
 */
export async function measureStreams(
  peers: readonly Peer[],
  { title, count, perSecond, seconds }: StreamLoad,
  { rounds, smoke, log }: Pick<Effort, "rounds" | "smoke" | "log">,
): Promise<Series[]> {
  await using stack = new AsyncDisposableStack();
  const all: OpenStreams[] = [];
  const visits = smoke ? TINY_VISITS : VISITS;
  for (const peer of peers) all.push(await openStreams(peer, { count, visits }, stack));
  if (!smoke) for (const one of all) await publish(one, WARM_UP_SECONDS, perSecond);
  const samples = await interleave(rounds, all, async (one) => {
    const sample = await publish(one, seconds, perSecond);
    log(`${title} | ${one.peer.name}: ${sample.cpu.toFixed(1)} µs an event`);
    return sample;
  });
  // Last, so that what it leaves in the memory is no part of the streams' own.
  if (!smoke)
    for (const one of all) for (let run = 0; run < WARM_UP_VISITS; run++) await one.visit();
  return createSeries(samples, await interleave(rounds, all, ({ visit }) => visit()));
}

/** The samples of all peers, with the latencies less those without a gateway. */
function createSeries(
  samples: ReadonlyMap<OpenStreams, Sample[]>,
  visits: ReadonlyMap<OpenStreams, Latencies[]>,
): Series[] {
  const [without, base] = [...samples].find(([{ peer }]) => peer === direct)!;
  const firsts = (one: OpenStreams, key: keyof Latencies) =>
    visits.get(one)!.map((sample, round) => sample[key] - visits.get(without)![round]![key]);
  return [...samples]
    .filter(([{ peer }]) => peer !== direct)
    .map(([one, rounds]) => ({
      name: one.peer.name,
      samples: {
        cpu: rounds.map(({ cpu }) => cpu),
        memory: rounds.map(({ memory }) => memory),
        p50: rounds.map(({ p50Ms }, round) => p50Ms - base[round]!.p50Ms),
        p99: rounds.map(({ p99Ms }, round) => p99Ms - base[round]!.p99Ms),
        firstP50: firsts(one, "p50Ms"),
        firstP99: firsts(one, "p99Ms"),
      },
    }));
}

type OpenStreams = Awaited<ReturnType<typeof openStreams>>;
type Sample = Awaited<ReturnType<typeof publish>>;

async function openStreams(
  peer: Peer,
  { count, visits }: { count: number; visits: number },
  stack: AsyncDisposableStack,
) {
  const feed = stack.use(startHelper<FeedHandlers>("streams/feed.ts"));
  const upstream = `http://127.0.0.1:${await feed.call("port")}`;
  const setup = createSetup({ upstream, folder: await createBenchFolder(stack) });
  const [member] = await startFleet([peer], setup, stack);
  const { server } = member!;
  const clients = stack.use(startHelper<ClientHandlers>("streams/clients.ts"));
  const paths = await createPaths(count + visits, peer, setup);
  if (peer.verifies) {
    await assertRefused(member!, tamperSignature({ target: paths[0]! }), "a changed signature");
  }
  const readMemory = () => (server.pid === undefined ? Number.NaN : residentMemory(server.pid));
  const readCpuTime = () => cpuTimeOf(server);
  const memoryBefore = readMemory();
  await clients.call("open", server.port, paths.slice(0, count));
  await clients.call("collect", 1);
  const readers = { readMemory, memoryBefore, readCpuTime };
  const visit = () => clients.call("visit", server.port, paths.slice(count));
  return { peer, count, feed, clients, visit, ...readers, eventsOfEach: 1 };
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
