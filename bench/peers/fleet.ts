import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type LoadOptions, load } from "../load/wrk.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import type { RunningServer } from "../measure/processes.ts";
import { interleave } from "../measure/statistics.ts";
import type { Effort, Series } from "../scenario.ts";
import type { Peer, Setup } from "./peer.ts";
import type { Upstream } from "./upstream.ts";

/** A peer that runs. */
export interface Member {
  peer: Peer;
  server: RunningServer;
  folder: string;
}

/**
 * Starts all peers; they run side by side and idle while another one is measured.
 *
 * @param peers the rows
 * @param setup what all are told
 * @param stack what stops them
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

/** What one measurement puts on a member. */
export interface Case {
  member: Member;
  /** The group that it belongs to. */
  group: string;
  /** Where the group stands on the axis of a plot of growth. */
  x?: number;
  load: Omit<LoadOptions, "port" | "seconds">;
}

/** What requests are measured in. */
export const REQUEST_COST = [
  { key: "cpu", label: "µs of CPU a request" },
  { key: "rate", label: "requests/s" },
];

/** What is measured of a member beside: begins now, and gives samples by their keys when it is called. */
export type Probe = (member: Member) => () => Record<string, number>;

/**
 * Measures what a request costs in each case: CPU time of the peer's processes, and how many there were.
 *
 * @param cases what to measure; each once a round
 * @param upstream asked how many requests it has seen
 * @param effort how long
 * @param probe measures something beside
 * @returns the samples of each case
 * @throws Error when a request failed, or was answered without asking the upstream
 */
export async function measureCosts(
  cases: readonly Case[],
  upstream: Pick<Upstream, "requests">,
  { rounds, seconds, smoke, log }: Effort,
  probe?: Probe,
): Promise<Map<Case, Series["samples"]>> {
  const measure = async ({ member, group, load: options }: Case) => {
    const { peer, server } = member;
    const cpu = () => (server.pid === undefined ? Number.NaN : cpuTime(server.pid));
    const [askedBefore, before, probed] = [await upstream.requests(), cpu(), probe?.(member)];
    const seen = await load({ ...options, seconds, port: server.port });
    const used = cpu() - before;
    const more = probed?.();
    const forwarded = (await upstream.requests()) - askedBefore;
    if (forwarded < seen.requests) {
      throw new Error(`${peer.name}: ${seen.requests} answers, ${forwarded} at the upstream`);
    }
    const sample = { cpu: used / seen.requests, rate: seen.requests / seen.seconds, ...more };
    log(`${group} | ${peer.name}: ${sample.cpu.toFixed(1)} µs, ${Math.round(sample.rate)}/s`);
    return sample;
  };
  if (smoke) {
    // Whether it works is seen as well when all run at once.
    return new Map(
      await Promise.all(cases.map(async (one) => [one, byKey([await measure(one)])] as const)),
    );
  }
  // Compilers first have to see what is hot; what they need for that is not what a request costs.
  for (const one of cases) await measure(one);
  const samples = await interleave(rounds, cases, measure);
  return new Map([...samples].map(([one, all]) => [one, byKey(all)]));
}

/** Samples of several quantities, a list for each; what could not be measured is left out. */
export function byKey(samples: readonly Record<string, number>[]): Series["samples"] {
  const keys = Object.keys(samples[0]!).filter((key) => !Number.isNaN(samples[0]![key]));
  return Object.fromEntries(keys.map((key) => [key, samples.map((sample) => sample[key]!)]));
}

/** The groups of some cases, in their order. */
export function groupCases(samples: ReadonlyMap<Case, Series["samples"]>) {
  const groups = Map.groupBy(samples, ([{ group }]) => group);
  return [...groups].map(([title, entries]) => ({
    title,
    ...(entries[0]![0].x !== undefined && { x: entries[0]![0].x }),
    series: entries.map(([{ member }, found]) => ({ name: member.peer.name, samples: found })),
  }));
}
