import { join } from "node:path";
import { compileBinary } from "../../build/binary/compile.ts";
import { findSource } from "../../build/source.ts";
import { createSignedRequest, itemPath } from "../load/signed_request.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { anonymousMemory, residentMemory } from "../measure/resident_memory.ts";
import { interleave } from "../measure/statistics.ts";
import { compileBareBun, compiledBareBun } from "../peers/bare_bun.ts";
import { groupByKey, startFleet } from "../peers/fleet.ts";
import { litellm } from "../peers/litellm.ts";
import { nginxNjs, nginxPlain } from "../peers/nginx.ts";
import type { Peer, Setup } from "../peers/peer.ts";
import { portkey } from "../peers/portkey.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Scenario, Series } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";

// A peer that has work left after its first answer does it in this time.
const SETTLE_MS = 1000;
const MIB = 2 ** 20;
/** The paths at which gateways that hold no upstream's key answer by themselves. */
const OWN_PATHS: Readonly<Record<string, string>> = {
  [portkey.name]: "/",
  [litellm().name]: "/health/liveliness",
};
const WITH_PACKAGES = "bare Bun with the same packages and settings";
const TEXT = `From the start of the process to the first response, with Signway's and the pass-through's compiled
binaries. The response is the upstream's to a signed request; Portkey's gateway and LiteLLM's proxy answer a question about
their own health. *ms of CPU* is the time of all threads until then. After ${SETTLE_MS / 1000} s without any request the memory
is read; *MiB of its own* is memory that is no page of a file: the pages of a binary can be shared, and the kernel takes
them back when memory is short. The pass-through is the floor of a program on Bun: it has no more code than it needs to
forward a request. *${WITH_PACKAGES}* loads the packages that Signway loads at its start (zod, pino, re2js,
jose, smol-toml, ipaddr.js, leven) and its table of settings, and uses each of them once.`;

export const start: Scenario = {
  summary: "Time from the start to the first answer, and idle memory, of the compiled binary",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const { folder, setup } = await startTestBed(itemPath(0), stack);
    const [own, bare, full] = [join(folder, "signway"), join(folder, "bare"), join(folder, "full")];
    await compileBinary(process.arch === "x64" ? "amd64" : "arm64", await findSource(), own);
    await compileBareBun(bare);
    await compileBareBun(full, true);
    const peers = [signway("Signway", { command: [own] }), compiledBareBun(bare)];
    peers.push(compiledBareBun(full, WITH_PACKAGES), nginxPlain(), nginxNjs(), portkey);
    // It takes minutes to install.
    if (!effort.smoke && !effort.quick) peers.push(litellm());
    return {
      title: "Start and idle memory",
      text: TEXT,
      quantities: [
        { key: "first", label: "ms to the first answer" },
        { key: "listen", label: "ms to listen" },
        { key: "cpu", label: "ms of CPU" },
        { key: "rss", label: "MiB resident" },
        { key: "own", label: "MiB of its own" },
      ],
      references: [nginxPlain().name, compiledBareBun(bare).name],
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
    log(`${peer.name}: ${sample.first.toFixed(0)} ms, ${sample.rss.toFixed(0)} MiB`);
    return sample;
  };
  // Later starts find the files in the cache of the kernel.
  if (!smoke) for (const peer of peers) await measureStart(peer);
  const samples = await interleave(rounds, peers, measureStart);
  return peers.map((peer) => ({ name: peer.name, samples: groupByKey(samples.get(peer)!) }));
}

async function startOnce(peer: Peer, setup: Setup, settleMs: number) {
  const { target } = await createSignedRequest(itemPath(0), setup);
  await using stack = new AsyncDisposableStack();
  const [member] = await startFleet([peer], setup, stack);
  const { pid, port, startMs } = member!.server;
  const asked = performance.now();
  const url = `http://127.0.0.1:${port}${OWN_PATHS[peer.name] ?? target}`;
  const { status } = await fetch(url, { proxy: false, keepalive: false });
  const first = startMs! + performance.now() - asked;
  const cpu = cpuTime(pid!) / 1000;
  if (status !== 200) throw new Error(`${peer.name} answers with ${status}`);
  await Bun.sleep(settleMs);
  const [rss, own] = [residentMemory(pid!) / MIB, anonymousMemory(pid!) / MIB];
  return { first, listen: startMs!, cpu, rss, own };
}
