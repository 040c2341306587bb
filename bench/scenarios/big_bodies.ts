import { open } from "node:fs/promises";
import { join } from "node:path";
import type { BodyClientHandlers } from "../bodies/client.ts";
import type { BodyUpstreamHandlers } from "../bodies/upstream.ts";
import { assertCorrect } from "../load/correctness.ts";
import { type HelperProcess, startHelper } from "../load/helper_process.ts";
import { createSignedRequest } from "../load/signed_request.ts";
import { interleave } from "../measure/statistics.ts";
import { bareBun, bareBunReading } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { cpuTimeOf, groupByKey, type Member, startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import type { Setup } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, createBenchFolder, createSetup } from "../setup/test_bed.ts";

const PEERS = [
  signway("Signway", { flags: NO_LOG }),
  nginxPlain(),
  bareBun(),
  bareBunReading(),
  direct,
];
const METHODS = { download: "GET", upload: "POST" } as const;

/** A peer and the direction in which it carries a body. */
interface Case {
  member: Member;
  direction: keyof typeof METHODS;
  /** Path and query of the request. */
  target: string;
}

interface BigFile {
  path: string;
  /** In bytes. */
  size: number;
}

export const bigBodies: Scenario = {
  summary: "CPU time of a download and of an upload of 1 GB",
  async run(effort) {
    ensurePackages();
    await using stack = new AsyncDisposableStack();
    const folder = await createBenchFolder(stack);
    const size = effort.smoke ? 1e6 : effort.quick ? 2e8 : 1e9;
    const file = { path: await createEmptyFile(join(folder, "big"), size), size };
    const server = stack.use(
      startHelper<BodyUpstreamHandlers>("bodies/upstream.ts", AUTHORIZATION, file.path),
    );
    const client = stack.use(startHelper<BodyClientHandlers>("bodies/client.ts"));
    const upstream = `http://127.0.0.1:${await server.call("port")}`;
    const cases = await startCases(createSetup({ upstream, folder }), stack);
    return {
      title: "Big bodies",
      text: `One ${size / 1e9} GB at a time. The upload's URL is signed, its body is not, so nobody has to read it
whole; the upstream counts its bytes, the client those of the download. Signway has to see the pieces as they come: it
counts them, cuts off a client that stalls, and waits for the upstream's answer from the last one on. Of a body that the
runtime passes on itself (_bare Bun pass-through_) a program hears nothing, so the floor is _bare Bun, bodies read_.`,
      quantities: [
        { key: "cpu", label: "ms of CPU a GB" },
        { key: "speed", label: "MB/s" },
      ],
      references: [nginxPlain().name, bareBun().name, bareBunReading().name],
      groups: await measure(cases, client, file, effort),
    };
  },
};

async function startCases(setup: Setup, stack: AsyncDisposableStack): Promise<Case[]> {
  const cases: Case[] = [];
  for (const member of await startFleet(PEERS, setup, stack)) {
    for (const [direction, method] of Object.entries(METHODS) as [Case["direction"], string][]) {
      const path = `/v1/${direction}`;
      const signed = await createSignedRequest(path, setup, { method });
      const request = member.peer.verifies ? signed : { method, target: path };
      if (direction === "upload") await assertCorrect(member, request);
      cases.push({ member, direction, target: request.target });
    }
  }
  return cases;
}

async function measure(
  cases: readonly Case[],
  client: HelperProcess<BodyClientHandlers>,
  file: BigFile,
  { rounds, smoke, log }: Effort,
): Promise<Group[]> {
  const measureOne = async (one: Case) => {
    const sample = await transfer(one, client, file);
    log(`${one.direction} | ${one.member.peer.name}: ${sample.cpu.toFixed(0)} ms of CPU a GB`);
    return sample;
  };
  if (!smoke) for (const one of cases) await measureOne(one);
  const samples = await interleave(rounds, cases, measureOne);
  const directions = Map.groupBy(samples, ([{ direction }]) => direction);
  return [...directions].map(([title, entries]) => ({
    title,
    series: entries.map(([{ member }, all]) => ({
      name: member.peer.name,
      samples: groupByKey(all),
    })),
  }));
}

async function transfer(
  { member: { peer, server }, direction, target }: Case,
  client: HelperProcess<BodyClientHandlers>,
  { path, size }: BigFile,
) {
  const url = `http://127.0.0.1:${server.port}${target}`;
  const [start, cpuBefore] = [performance.now(), cpuTimeOf(server)];
  const transferred = await client.call(direction, url, path);
  const cpuUsed = cpuTimeOf(server) - cpuBefore;
  const seconds = (performance.now() - start) / 1000;
  if (transferred.bytes !== size || (transferred.authorized === "yes") !== peer.verifies) {
    const result = JSON.stringify(transferred);
    throw new Error(`${peer.name}: ${result} after ${direction} of ${size} bytes`);
  }
  return { cpu: cpuUsed / 1000 / (size / 1e9), speed: size / 1e6 / seconds };
}

/** Creates a file of zeros that takes no space on the disk. */
async function createEmptyFile(path: string, size: number): Promise<string> {
  const file = await open(path, "w");
  await file.truncate(size);
  await file.close();
  return path;
}
