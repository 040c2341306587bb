import { open } from "node:fs/promises";
import { join } from "node:path";
import type { BodyClientOrders } from "../bodies/client.ts";
import type { BodyUpstreamOrders } from "../bodies/upstream.ts";
import { assertCorrect } from "../load/correctness.ts";
import { type HelperProcess, startHelper } from "../load/helper_process.ts";
import { signedRequest } from "../load/signed.ts";
import { cpuTime } from "../measure/cpu_time.ts";
import { interleave } from "../measure/statistics.ts";
import { bareBun, bareBunReading } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { byKey, type Member, startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, benchFolder, CREDENTIAL } from "./bench_folder.ts";

const PEERS = [
  signway("Signway", { flags: NO_LOG }),
  nginxPlain(),
  bareBun(),
  bareBunReading(),
  direct,
];
const WAYS = { download: "GET", upload: "POST" } as const;

interface Case {
  member: Member;
  way: keyof typeof WAYS;
  target: string;
}

export const bigBodies: Scenario = {
  summary: "CPU time of a download and of an upload of 1 GB",
  async run({ rounds, smoke, quick, log }) {
    ensurePackages();
    await using stack = new AsyncDisposableStack();
    const folder = await benchFolder(stack);
    const size = smoke ? 1e6 : quick ? 2e8 : 1e9;
    const file = await emptyFile(join(folder, "big"), size);
    const server = stack.use(
      startHelper<BodyUpstreamOrders>("bodies/upstream.ts", AUTHORIZATION, file),
    );
    const client = stack.use(startHelper<BodyClientOrders>("bodies/client.ts"));
    const signer = { ...CREDENTIAL, upstream: `http://127.0.0.1:${await server.ask("port")}` };
    const setup = { ...signer, fixedTarget: "", authorization: AUTHORIZATION, folder };
    const cases: Case[] = [];
    for (const member of await startFleet(PEERS, setup, stack)) {
      for (const [way, method] of Object.entries(WAYS) as [Case["way"], string][]) {
        const path = `/v1/${way}`;
        const signed = await signedRequest(path, signer, { method });
        if (way === "upload")
          await assertCorrect(member, isSigned(member) ? signed : { method, target: path });
        cases.push({ member, way, target: isSigned(member) ? signed.target : path });
      }
    }
    const measure = async (one: Case) => {
      const sample = await transfer(one, client, { file, size });
      log(`${one.way} | ${one.member.peer.name}: ${sample.cpu.toFixed(0)} ms of CPU a GB`);
      return sample;
    };
    if (!smoke) for (const one of cases) await measure(one);
    const samples = await interleave(rounds, cases, measure);
    const ways = Map.groupBy(samples, ([{ way }]) => way);
    return {
      title: "Big bodies",
      text: `One ${size / 1e9} GB at a time. The upload's URL is signed, its body is not, so nobody has to read it
whole; the upstream counts its bytes, the client those of the download.`,
      quantities: [
        { key: "cpu", label: "ms of CPU a GB" },
        { key: "speed", label: "MB/s" },
      ],
      references: [nginxPlain().name, bareBun().name, bareBunReading().name],
      groups: [...ways].map(([title, entries]) => ({
        title,
        series: entries.map(([{ member }, all]) => ({
          name: member.peer.name,
          samples: byKey(all),
        })),
      })),
    };
  },
};

const isSigned = ({ peer }: Member) => peer.verifies;

async function transfer(
  { member: { peer, server }, way, target }: Case,
  client: HelperProcess<BodyClientOrders>,
  { file, size }: { file: string; size: number },
) {
  const cpu = () => (server.pid === undefined ? Number.NaN : cpuTime(server.pid));
  const url = `http://127.0.0.1:${server.port}${target}`;
  const [start, before] = [performance.now(), cpu()];
  const done = await client.ask(way, url, file);
  const used = cpu() - before;
  const seconds = (performance.now() - start) / 1000;
  if (done.bytes !== size || (done.authorized === "yes") !== peer.verifies) {
    throw new Error(`${peer.name}: ${JSON.stringify(done)} after ${way} of ${size} bytes`);
  }
  return { cpu: used / 1000 / (size / 1e9), speed: size / 1e6 / seconds };
}

/** A file of zeros that takes no place on the disk. */
async function emptyFile(path: string, size: number): Promise<string> {
  const file = await open(path, "w");
  await file.truncate(size);
  await file.close();
  return path;
}
