import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { generateLoad, type LoadOptions } from "../load/wrk.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import type { RunningServer } from "../measure/processes.ts";
import { interleave } from "../measure/statistics.ts";
import type { Effort, Group, Series } from "../scenario.ts";
import type { Peer, Setup } from "./peer.ts";
import type { UpstreamServer } from "./upstream.ts";

/** A peer that is running. */
export interface Member {
  peer: Peer;
  server: RunningServer;
  /** The folder that it may write to. */
  folder: string;
}

/**
 * Starts all peers; they run side by side and idle while another one is measured.
 *
 * @param peers the rows
 * @param setup the settings for all of them; each gets a folder of its own in `setup.folder`
 * @param stack stops them
 */
export async function startFleet(
  peers: readonly Peer[],
  setup: Setup,
  stack: AsyncDisposableStack,
): Promise<Member[]> {
  const members: Member[] = [];
  for (const peer of peers) {
    const folder = join(setup.folder, Bun.randomUUIDv7());
    await mkdir(folder);
    members.push({ peer, folder, server: stack.use(await peer.start({ ...setup, folder })) });
  }
  return members;
}

/** A peer under one kind of load. */
export interface Case {
  member: Member;
  /** The title of the group that it belongs to. */
  group: string;
  /** The position of the group on the axis of a plot of growth. */
  x?: number;
  load: Omit<LoadOptions, "port" | "seconds">;
}

/** The quantities that requests are measured in. */
export const REQUEST_COST = [
  { key: "cpu", label: "µs of CPU a request" },
  { key: "rate", label: "requests/s" },
];

/**
 * Measures something more of a member: begins now, and returns a function that ends it and gives the samples of so many
 * requests.
 */
export type Probe = (member: Member) => (requests: number) => Record<string, number>;

/**
 * Measures the cost of a request in each case: the CPU time of the peer's processes, and the rate.
 *
 * @param cases measured once a round each
 * @param upstream counts the requests that reach it
 * @param effort how long to measure
 * @param probe measures something more; default: nothing
 * @returns the samples of each case
 * @throws Error when a request failed, or was answered without asking the upstream
 */
export async function measureCosts(
  cases: readonly Case[],
  upstream: Pick<UpstreamServer, "requests">,
  { rounds, seconds, smoke, log }: Effort,
  probe?: Probe,
): Promise<Map<Case, Series["samples"]>> {
  const measure = async (one: Case) => {
    const sample = await measureOnce(one, upstream, seconds, probe);
    const cost = `${sample.cpu.toFixed(1)} µs, ${Math.round(sample.rate)}/s`;
    log(`${one.group} | ${one.member.peer.name}: ${cost}`);
    return sample;
  };
  if (smoke) {
    // A smoke run only shows whether it works, so all cases run at once.
    const samples = cases.map(async (one) => [one, groupByKey([await measure(one)])] as const);
    return new Map(await Promise.all(samples));
  }
  // Compilers first have to see what is hot; the time that they need is not the cost of a request.
  for (const one of cases) await measure(one);
  const samples = await interleave(rounds, cases, measure);
  return new Map([...samples].map(([one, all]) => [one, groupByKey(all)]));
}

async function measureOnce(
  { member, load }: Case,
  upstream: Pick<UpstreamServer, "requests">,
  seconds: number,
  probe?: Probe,
) {
  const { peer, server } = member;
  const requestsBefore = await upstream.requests();
  const cpuBefore = cpuTimeOf(server);
  const finishProbe = probe?.(member);
  const result = await generateLoad({ ...load, seconds, port: server.port });
  const cpuUsed = cpuTimeOf(server) - cpuBefore;
  const more = finishProbe?.(result.requests);
  const forwarded = (await upstream.requests()) - requestsBefore;
  if (forwarded < result.requests) {
    throw new Error(`${peer.name}: ${result.requests} answers, ${forwarded} at the upstream`);
  }
  return { cpu: cpuUsed / result.requests, rate: result.requests / result.seconds, ...more };
}

/** The CPU time of a server so far, in microseconds; NaN when it has no process of its own. */
export function cpuTimeOf({ pid }: RunningServer): number {
  return pid === undefined ? Number.NaN : cpuTime(pid);
}

/**
 * Groups samples by their quantities.
 *
 * @param samples at least one, all with the same keys
 * @returns a list for each quantity; a quantity that could not be measured (NaN) is left out
 */
export function groupByKey(samples: readonly Record<string, number>[]): Series["samples"] {
  const keys = Object.keys(samples[0]!).filter((key) => !Number.isNaN(samples[0]![key]));
  return Object.fromEntries(keys.map((key) => [key, samples.map((sample) => sample[key]!)]));
}

/** Collects the samples of cases into the groups of a result, in the order of the cases. */
export function groupCases(samples: ReadonlyMap<Case, Series["samples"]>): Group[] {
  const groups = Map.groupBy(samples, ([{ group }]) => group);
  return [...groups].map(([title, entries]) => ({
    title,
    ...(entries[0]![0].x !== undefined && { x: entries[0]![0].x }),
    series: entries.map(([{ member }, samples]) => ({ name: member.peer.name, samples })),
  }));
}
