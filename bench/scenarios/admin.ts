import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import { generateLoad } from "../load/wrk.ts";
import { itemPath } from "../load/signed_request.ts";
import { createTokenRequests } from "../load/token_requests.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { childrenOf } from "../measure/processes.ts";
import {
  type Case,
  cpuTimeOf,
  groupCases,
  measureCosts,
  type Probe,
  REQUEST_COST,
  startFleet,
} from "../peers/fleet.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { CREDENTIAL, startTestBed, type TestBed } from "../setup/test_bed.ts";

const REQUESTS = 2000;
// In the first seconds of two workers a request costs twice as much as later.
const SECONDS = 3;
const OFF = "Signway, no admin listener";
const METRICS = "Signway, metrics";
const API = "Signway, metrics and the admin API";
const GROUPS = [
  { title: "one process", workers: 1, connections: 32 },
  { title: "two workers", workers: 2, connections: 256 },
];

const TEXT = `${REQUESTS} requests, each with an access token and an end user of its own, while nobody looks at the API. No access log. One
process has 32 keep-alive connections. Two workers have 256, because the kernel deals connections out by chance: of few, one
worker gets many more than the other, and what a request costs depends on how many come together. Two processes of the same
program differ by more than what is measured here, so each round starts all of them anew, and measures ${SECONDS} seconds after twice as
many of load. *Supervisor* is the part of the process that serves no requests.`;

export const admin: Scenario = {
  summary: "CPU time of a request with the metrics, and with the admin API",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const bed = await startTestBed(itemPath(0), stack);
    const requests = await createTokenRequests(REQUESTS, bed.setup);
    const measured: Group[][] = [];
    for (let round = 0; round < effort.rounds; round++) {
      const seconds = effort.smoke ? effort.seconds : SECONDS;
      measured.push(await measureFleet(bed, requests, { ...effort, rounds: 1, seconds }));
    }
    return {
      title: "The admin API",
      text: TEXT,
      quantities: [
        ...REQUEST_COST,
        { key: "more", label: "µs more than with metrics" },
        { key: "supervisor", label: "µs of the supervisor" },
      ],
      references: [METRICS],
      groups: measured.reduce(joined).map(withDifferences),
    };
  },
};

/** Measures all rows, each in processes that are started for it. */
async function measureFleet(
  { folder, upstream, setup }: TestBed,
  all: readonly WireRequest[],
  effort: Effort,
): Promise<Group[]> {
  await using stack = new AsyncDisposableStack();
  const requests = await writeRequests(join(folder, "requests"), all);
  const cases: Case[] = [];
  for (const { title, workers, connections } of GROUPS) {
    const peers = await Promise.all([OFF, METRICS, API].map((name) => peerOf(name, workers)));
    for (const member of await startFleet(peers, setup, stack)) {
      await assertCorrect(member, all[7]!);
      const load = { requests, connections: effort.smoke ? 8 : connections };
      cases.push({ member, group: title, load });
    }
  }
  if (!effort.smoke) {
    for (const { member, load } of cases) {
      await generateLoad({ ...load, port: member.server.port, seconds: SECONDS });
    }
  }
  return groupCases(await measureCosts(cases, upstream, effort, probeSupervisor));
}

/** Measures the CPU time of the process that has the workers. */
const probeSupervisor: Probe = ({ server }) => {
  const used = () => {
    const workers = childrenOf(server.pid!);
    return workers.reduce((rest, pid) => rest - cpuTime(pid), cpuTimeOf(server));
  };
  const before = used();
  return (requests) => {
    const hasWorkers = childrenOf(server.pid!).length > 0;
    return { supervisor: hasWorkers ? (used() - before) / requests : Number.NaN };
  };
};

/** The same tables with the samples of both rounds. */
function joined(one: Group[], other: Group[]): Group[] {
  return one.map(({ series, ...group }, index) => ({
    ...group,
    series: series.map(({ name, samples }, row) => {
      const more = other[index]!.series[row]!.samples;
      const all = Object.entries(samples).map(([key, values]) => [key, values.concat(more[key]!)]);
      return { name, samples: Object.fromEntries(all) as typeof samples };
    }),
  }));
}

/** Adds the differences of rows that were measured one after the other. */
function withDifferences(group: Group): Group {
  const { cpu = [] } = group.series.find(({ name }) => name === METRICS)!.samples;
  const series = group.series.map(({ name, samples }) => ({
    name,
    samples: { ...samples, more: samples["cpu"]!.map((it, round) => it - cpu[round]!) },
  }));
  return { ...group, series };
}

async function peerOf(name: string, workers: number): Promise<Peer> {
  const { id, secret } = CREDENTIAL;
  const port = await freePort();
  return signway(name, {
    flags: [...NO_LOG, "--workers", `${workers}`],
    createConfig: (upstream, authorization) =>
      JSON.stringify({
        ...(name !== OFF && { admin: `127.0.0.1:${port}` }),
        ...(name === API && { admin_token: "a-token-of-an-operator" }),
        app: [
          {
            id,
            secrets: [secret],
            upstream: [{ url: `${upstream}/v1`, headers: { Authorization: authorization } }],
          },
        ],
      }),
  });
}
