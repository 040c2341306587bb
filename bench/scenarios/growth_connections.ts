import { join } from "node:path";
import type { IdleClients } from "../idle/clients.ts";
import { startHelper } from "../load/helper_process.ts";
import { formatRequest, writeRequests } from "../load/requests.ts";
import { itemPath, signItemRequests } from "../load/signed_request.ts";
import { generateLoad } from "../load/wrk.ts";
import { residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { cpuTimeOf, groupByKey, type Member, startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";

const PEERS = [signway("Signway", { flags: NO_LOG }), nginxPlain(), bareBun()];
const COUNTS = [1, 1000, 10_000];
const URLS = 200;

/** A peer with idle connections. */
interface IdleCase {
  member: Member;
  count: number;
  clients: Pick<ReturnType<typeof startHelper<IdleClients>>, "call">;
  /** The bytes of the request that each idle connection has sent. */
  request: string;
  /** A file with the requests of the busy connections. */
  requests: string;
  memoryBefore: number;
}

export const growthConnections: Scenario = {
  summary: "CPU time of a small signed GET, and memory, with 1 to 10,000 idle connections",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const cases = await startCases(effort, stack);
    const samples = await interleave(effort.rounds, cases, (one) => measure(one, effort));
    return {
      title: "Growth: idle connections",
      text: `Small signed GETs over 32 busy connections, beside idle ones, each of which has had one request and is kept open. *kB a
connection* is resident memory with all of them open less that before the first. Bun closes a connection that is
idle for longer than 10 seconds, so each round opens them anew.`,
      growth: "idle connections",
      quantities: [
        { key: "cpu", label: "µs of CPU a request" },
        { key: "memory", label: "kB a connection" },
      ],
      references: [nginxPlain().name, bareBun().name],
      groups: groupsOf(cases, samples),
    };
  },
};

async function startCases({ smoke, quick }: Effort, stack: AsyncDisposableStack) {
  const { folder, setup } = await startTestBed(itemPath(0), stack);
  const signed = await signItemRequests(URLS, setup);
  const requests = await writeRequests(join(folder, "requests"), signed);
  const cases: IdleCase[] = [];
  for (const count of smoke ? [1, 100] : COUNTS) {
    for (const member of await startFleet(quick ? PEERS.slice(0, 1) : PEERS, setup, stack)) {
      const clients = stack.use(startHelper<IdleClients>("idle/clients.ts"));
      const request = formatRequest(signed[0]!).toString("latin1");
      const one = { member, count, clients, request, requests, memoryBefore: 0 };
      // Compilers first have to see what is hot, and heaps grow with the first load.
      if (!smoke) await generateLoad({ requests, connections: 32, seconds: 3, port: portOf(one) });
      one.memoryBefore = residentMemory(member.server.pid!);
      cases.push(one);
    }
  }
  return cases;
}

async function measure(one: IdleCase, { seconds, log }: Effort) {
  const { member, count, clients, request, requests, memoryBefore } = one;
  await clients.call("open", portOf(one), request, count);
  const grown = residentMemory(member.server.pid!) - memoryBefore;
  const cpuBefore = cpuTimeOf(member.server);
  const result = await generateLoad({ requests, connections: 32, seconds, port: portOf(one) });
  const cpu = (cpuTimeOf(member.server) - cpuBefore) / result.requests;
  const left = await clients.call("count");
  if (left < count) throw new Error(`${member.peer.name} has closed ${count - left} connections`);
  log(`${titleOf(one)} | ${member.peer.name}: ${cpu.toFixed(1)} µs`);
  // A page or two say nothing of one connection.
  return { cpu, memory: count < 1000 ? Number.NaN : grown / count / 1024 };
}

function groupsOf(
  cases: readonly IdleCase[],
  samples: ReadonlyMap<IdleCase, Record<string, number>[]>,
): Group[] {
  return [...Map.groupBy(cases, ({ count }) => count)].map(([count, members]) => ({
    title: titleOf({ count }),
    x: count,
    series: members.map((one) => ({
      name: one.member.peer.name,
      samples: groupByKey(samples.get(one)!),
    })),
  }));
}

function portOf({ member }: Pick<IdleCase, "member">): number {
  return member.server.port;
}

function titleOf({ count }: Pick<IdleCase, "count">): string {
  return `${count.toLocaleString("en")} idle connection${count > 1 ? "s" : ""}`;
}
