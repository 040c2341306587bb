import { startHelper } from "../load/helper_process.ts";
import { createSignedRequest } from "../load/signed_request.ts";
import { residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { bareSockets } from "../peers/bare_sockets.ts";
import { cpuTimeOf, startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import type { Peer } from "../peers/peer.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { createBenchFolder, createSetup } from "../setup/test_bed.ts";
import type { SocketClients } from "../sockets/clients.ts";
import type { EchoHandlers } from "../sockets/echo.ts";

const PEERS = [signway(), nginxPlain(), bareSockets];

const TALKING = 1000;
const IDLE = 5000;
const TINY = 20;

const TEXT = `Each of the talking WebSockets sends a text of 100 bytes once a second, and gets it back: two messages
through the peer. A lost or changed echo ends the run. *kB a WebSocket* is resident memory with all of them open less that before the first.
nginx passes the bytes on as they are and reads no frames.`;

export const sockets: Scenario = {
  summary: "CPU time an echo, and memory of thousands of open WebSockets",
  async run(effort) {
    ensurePackages();
    const counts = effort.smoke ? [TINY] : effort.quick ? [TALKING] : [TALKING, IDLE];
    const groups: Group[] = [];
    for (const count of counts) groups.push(await measureGroup(count, effort));
    return {
      title: "WebSockets",
      text: TEXT,
      quantities: [
        { key: "cpu", label: "µs of CPU an echo" },
        { key: "memory", label: "kB a WebSocket" },
      ],
      references: [nginxPlain().name, bareSockets.name],
      groups,
    };
  },
};

async function measureGroup(count: number, effort: Effort): Promise<Group> {
  await using stack = new AsyncDisposableStack();
  const all: OpenSockets[] = [];
  for (const peer of PEERS) all.push(await openSockets(peer, count, stack));
  const seconds = effort.smoke ? 1 : effort.seconds + 1;
  if (!effort.smoke) for (const one of all) await converse(one, 2);
  const title = `${count.toLocaleString("en")} WebSockets, an echo a second each`;
  const samples = await interleave(effort.rounds, all, async (one) => {
    const cpu = await converse(one, seconds);
    effort.log(`${title} | ${one.peer.name}: ${cpu.toFixed(1)} µs an echo`);
    return cpu;
  });
  return {
    title,
    series: [...samples].map(([{ peer, memory }, cpu]) => ({
      name: peer.name,
      samples: { cpu, memory: cpu.map(() => memory) },
    })),
  };
}

type OpenSockets = Awaited<ReturnType<typeof openSockets>>;

async function openSockets(peer: Peer, count: number, stack: AsyncDisposableStack) {
  const echo = stack.use(startHelper<EchoHandlers>("sockets/echo.ts"));
  const upstream = `http://127.0.0.1:${await echo.call("port")}`;
  const setup = createSetup({ upstream, folder: await createBenchFolder(stack) });
  const [member] = await startFleet([peer], setup, stack);
  const { server } = member!;
  const clients = stack.use(startHelper<SocketClients>("sockets/clients.ts"));
  const path = "/v1/sockets/echo";
  const urls = Array.from({ length: count }, async () => {
    const target = peer.verifies ? (await createSignedRequest(path, setup)).target : path;
    return `ws://127.0.0.1:${server.port}${target}`;
  });
  const before = residentMemory(server.pid!);
  await clients.call("open", await Promise.all(urls));
  const memory = (residentMemory(server.pid!) - before) / count / 1024;
  return { peer, count, clients, memory, readCpuTime: () => cpuTimeOf(server) };
}

async function converse(open: OpenSockets, seconds: number): Promise<number> {
  const before = open.readCpuTime();
  const { lost } = await open.clients.call("converse", seconds);
  if (lost !== 0) throw new Error(`${open.peer.name}: ${lost} echoes were lost`);
  return (open.readCpuTime() - before) / (open.count * seconds);
}
