import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assertCorrect, FIXED_ITEM } from "../correctness.ts";
import { type CostSeries, costTable } from "../cost_table.ts";
import { ensurePackages } from "../packages.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { type Member, measureCost, startFleet } from "../peers/fleet.ts";
import { nginxNjs } from "../peers/nginx_njs.ts";
import { nginxPlain } from "../peers/nginx_plain.ts";
import { signway } from "../peers/signway.ts";
import { startUpstream } from "../peers/upstream.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { itemPath, signedPaths } from "../signed_urls.ts";
import { interleave } from "../statistics.ts";

const PEERS = [
  signway("Signway"),
  signway("Signway, `--log-level error`", ["--log-level", "error"]),
  bareBun,
  nginxNjs,
  nginxPlain,
  direct,
];
const REFERENCES = { nginx: nginxPlain.name, "bare Bun": bareBun.name, njs: nginxNjs.name };
const CONNECTIONS = [32, 64];
const URLS = 2000;
const CREDENTIAL = { id: "bench", secret: "bench-secret-3f9d2c" };
const AUTHORIZATION = "Bearer bench-key-5b1f0c";

export const smallGet: Scenario = {
  summary: "CPU time of a signed GET request with an answer of about 100 bytes",
  async run(effort) {
    ensurePackages();
    await using stack = new AsyncDisposableStack();
    const folder = await mkdtemp(join(tmpdir(), "signway-bench-"));
    stack.defer(() => rm(folder, { recursive: true }));
    const upstream = stack.use(await startUpstream(AUTHORIZATION, folder));
    const signer = { ...CREDENTIAL, upstreamPort: upstream.port };
    const fixedTarget = itemPath(FIXED_ITEM);
    const setup = { ...signer, fixedTarget, authorization: AUTHORIZATION, folder };
    const members = await startFleet(PEERS, setup, stack);
    for (const { peer, server } of members) await assertCorrect(peer, server.port, signer);
    const paths = join(folder, "paths.txt");
    await Bun.write(paths, (await signedPaths(URLS, signer)).join("\n"));
    return {
      title: "A signed GET request with a small answer",
      text: [
        "CPU time, user and system, of all processes of a peer, divided by the requests it answered:",
        `median (minimum–maximum) of ${effort.rounds} interleaved rounds of ${effort.seconds} s after`,
        `one second to warm up. ${URLS} different signed URLs, keep-alive connections, one worker each.`,
      ].join("\n"),
      tables: await measureAll(members, upstream.port, paths, effort),
    };
  },
};

async function measureAll(
  members: readonly Member[],
  upstreamPort: number,
  paths: string,
  { rounds, seconds, log }: Effort,
) {
  const cases = CONNECTIONS.flatMap((connections) =>
    members.map((member) => ({ ...member, connections })),
  );
  const measure = async (one: (typeof cases)[number], duration: number) => {
    const cost = await measureCost(one, upstreamPort, {
      paths,
      connections: one.connections,
      seconds: duration,
    });
    const cpu = cost.cpuMicroseconds?.toFixed(1) ?? "–";
    log(`${one.peer.name}, ${one.connections} connections: ${cpu} µs a request`);
    return cost;
  };
  // Compilers first have to see what is hot; what they need for that is not what a request costs.
  for (const one of cases) await measure(one, 1);
  const samples = await interleave(rounds, cases, (one) => measure(one, seconds));
  return CONNECTIONS.map((connections) => {
    const series: CostSeries[] = cases
      .filter((one) => one.connections === connections)
      .map((one) => ({ name: one.peer.name, costs: samples.get(one)! }));
    return costTable(`${connections} connections`, series, REFERENCES);
  });
}
