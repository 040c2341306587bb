import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, signItemRequests } from "../load/signed_request.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { childrenOf } from "../measure/processes.ts";
import {
  type Case,
  groupCases,
  measureCosts,
  type Probe,
  REQUEST_COST,
  startFleet,
} from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";

const PEERS = [
  signway("Signway, 1 worker", { flags: NO_LOG }),
  signway("Signway, 2 workers", { flags: [...NO_LOG, "--workers", "2"] }),
  nginxPlain("nginx, 1 worker"),
  nginxPlain("nginx, 2 workers", { workers: 2 }),
];
const URLS = 200;
const CONNECTIONS = 64;
const TEXT = `Small signed GETs as above. The load generator and the upstream take their part of the same machine,
so that on two cores the second worker has none of its own; *share* is how much of the workers' CPU time the
idler of both has used. The kernel deals connections out, not requests.`;

export const workers: Scenario = {
  summary: "Requests a second with one and with two workers, and the share of each",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const { folder, upstream, setup } = await startTestBed(itemPath(0), stack);
    const all = await signItemRequests(URLS, setup);
    const requests = await writeRequests(join(folder, "requests"), all);
    const cases: Case[] = [];
    for (const member of await startFleet(PEERS, setup, stack)) {
      await assertCorrect(member, all[7]!);
      const group = `${CONNECTIONS} connections`;
      cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
    }
    const [cpu, rate] = REQUEST_COST;
    return {
      title: "Two workers",
      text: TEXT,
      quantities: [rate!, cpu!, { key: "share", label: "% of the idler worker" }],
      references: [PEERS[0]!.name, PEERS[2]!.name],
      groups: groupCases(await measureCosts(cases, upstream, effort, probeIdlerShare)),
    };
  },
};

/** Measures the share of the workers' CPU time that the worker with the least of it has used. */
const probeIdlerShare: Probe = ({ server }) => {
  const workers = childrenOf(server.pid!);
  if (workers.length < 2) return () => ({ share: Number.NaN });
  const before = workers.map(cpuTime);
  return () => {
    const used = workers.map((pid, index) => cpuTime(pid) - before[index]!);
    return { share: (Math.min(...used) / used.reduce((sum, time) => sum + time)) * 100 };
  };
};
