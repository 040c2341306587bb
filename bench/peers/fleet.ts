import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type LoadOptions, load } from "../load/wrk.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import type { RunningServer } from "../measure/processes.ts";
import { interleave } from "../measure/statistics.ts";
import type { Effort, Series } from "../scenario.ts";
import type { Peer, Setup } from "./peer.ts";
import { upstreamRequests } from "./upstream.ts";

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
  load: Omit<LoadOptions, "port" | "seconds">;
}

/** What requests are measured in. */
export const REQUEST_COST = [
  { key: "cpu", label: "µs of CPU a request" },
  { key: "rate", label: "requests/s" },
];

/**
 * Measures what a request costs in each case: CPU time of the peer's processes, and how many there were.
 *
 * @param cases what to measure; each once a round
 * @param counter the port at which the upstream says how many requests it has seen, if it does
 * @returns the samples of each case
 * @throws Error when a request failed, or was answered without asking the upstream
 */
export async function measureCosts(
  cases: readonly Case[],
  counter: number | undefined,
  { rounds, seconds, smoke, log }: Effort,
): Promise<Map<Case, Series["samples"]>> {
  const measure = async ({ member: { peer, server }, group, load: options }: Case) => {
    const asked = () => (counter === undefined ? 0 : upstreamRequests(counter));
    const cpu = () => (server.pid === undefined ? Number.NaN : cpuTime(server.pid));
    const [askedBefore, before] = [await asked(), cpu()];
    const seen = await load({ ...options, seconds, port: server.port });
    const used = cpu() - before;
    const forwarded = (await asked()) - askedBefore;
    if (counter !== undefined && forwarded < seen.requests) {
      throw new Error(`${peer.name}: ${seen.requests} answers, ${forwarded} at the upstream`);
    }
    const cost = used / seen.requests;
    log(
      `${group} | ${peer.name}: ${cost.toFixed(1)} µs, ${Math.round(seen.requests / seen.seconds)}/s`,
    );
    return { cpu: cost, rate: seen.requests / seen.seconds };
  };
  // Compilers first have to see what is hot; what they need for that is not what a request costs.
  if (!smoke) for (const one of cases) await measure(one);
  const samples = await interleave(rounds, cases, measure);
  return new Map(
    [...samples].map(([one, all]) => [
      one,
      {
        ...(one.member.server.pid !== undefined && { cpu: all.map(({ cpu }) => cpu) }),
        rate: all.map(({ rate }) => rate),
      },
    ]),
  );
}

/** The groups of some cases, in their order. */
export function groupCases(samples: ReadonlyMap<Case, Series["samples"]>) {
  const groups = Map.groupBy(samples, ([{ group }]) => group);
  return [...groups].map(([title, entries]) => ({
    title,
    series: entries.map(([{ member }, found]) => ({ name: member.peer.name, samples: found })),
  }));
}
