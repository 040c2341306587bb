import { join } from "node:path";
import { compileBinary } from "../../build/binary/compile.ts";
import { findSource } from "../../build/source.ts";
import { proportionalMemory, residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { groupByKey, startFleet } from "../peers/fleet.ts";
import { nginxNjs, nginxPlain } from "../peers/nginx.ts";
import type { Peer, Setup } from "../peers/peer.ts";
import { portkey } from "../peers/portkey.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Scenario, Series } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { createBenchFolder, createSetup } from "../setup/test_bed.ts";

// A peer that has work left after it has begun to listen does it in this time.
const SETTLE_MS = 1000;

export const start: Scenario = {
  summary: "Time from the start to listening, and memory when idle, of the compiled binary",
  async run(effort) {
    ensurePackages();
    await using stack = new AsyncDisposableStack();
    const folder = await createBenchFolder(stack);
    const binary = join(folder, "signway");
    await compileBinary(process.arch === "x64" ? "amd64" : "arm64", await findSource(), binary);
    const peers = [signway("Signway", { command: [binary] }), nginxPlain(), nginxNjs(), portkey];
    const setup = createSetup({ upstream: "http://127.0.0.1:9", folder });
    return {
      title: "Start and idle memory",
      text: `From the start of the process to the first connection that it accepts, then ${SETTLE_MS / 1000} s without any request.
*PSS* counts a page that several processes share in parts, *RSS* whole in each.`,
      quantities: [
        { key: "start", label: "ms to listen" },
        { key: "rss", label: "MB RSS" },
        { key: "pss", label: "MB PSS" },
      ],
      references: [nginxPlain().name, portkey.name],
      groups: [{ title: "idle", series: await measure(peers, setup, effort) }],
    };
  },
};

async function measure(
  peers: readonly Peer[],
  setup: Setup,
  { rounds, smoke, log }: Effort,
): Promise<Series[]> {
  const measureStart = async (peer: Peer) => {
    const sample = await startOnce(peer, setup, smoke ? 0 : SETTLE_MS);
    log(`${peer.name}: ${sample.start.toFixed(0)} ms, ${sample.pss.toFixed(0)} MB`);
    return sample;
  };
  // Later starts find the files in the cache of the kernel.
  if (!smoke) for (const peer of peers) await measureStart(peer);
  const samples = await interleave(rounds, peers, measureStart);
  return peers.map((peer) => ({ name: peer.name, samples: groupByKey(samples.get(peer)!) }));
}

async function startOnce(peer: Peer, setup: Setup, settleMs: number) {
  await using stack = new AsyncDisposableStack();
  const [member] = await startFleet([peer], setup, stack);
  const { pid, startMs } = member!.server;
  await Bun.sleep(settleMs);
  return {
    start: startMs!,
    pss: proportionalMemory(pid!) / 1e6,
    rss: residentMemory(pid!) / 1e6,
  };
}
