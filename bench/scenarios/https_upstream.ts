import { join } from "node:path";
import { createAuthority } from "../../tests/support/certificates.ts";
import { assertCorrect, assertHttp2 } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, signItemRequests } from "../load/signed_request.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nginxPlain } from "../peers/nginx.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import { startUpstream } from "../peers/upstream.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, createBenchFolder, createSetup } from "../setup/test_bed.ts";

const SIGNWAY = signway("Signway", { flags: NO_LOG });

/** Whether the upstream offers HTTP/2, and the peers of that table. */
const PROTOCOLS: Record<string, { http2: boolean; peers: Peer[] }> = {
  "HTTP/1.1": { http2: false, peers: [SIGNWAY, nginxPlain(), bareBun()] },
  "HTTP/2": {
    http2: true,
    peers: [SIGNWAY, nginxPlain(), bareBun(bareBun().name, ["http2"])],
  },
};
const URLS = 200;

export const httpsUpstream: Scenario = {
  summary: "CPU time of a small signed GET to an https upstream, with HTTP/1.1 and HTTP/2",
  async run(effort) {
    ensurePackages();
    const groups: Group[] = [];
    for (const name of Object.keys(PROTOCOLS)) groups.push(...(await measure(name, effort)));
    return {
      title: "An https upstream",
      text: `The client speaks http; the upstream's certificate is checked against an authority of its own, and
connections are kept. Bun keeps 64 idle connections in a pool, and Signway spreads its requests over several pools. *HTTP/2*
is an upstream that offers both: nginx as a proxy knows HTTP/1.1 only and speaks that, bare Bun is told to speak HTTP/2,
Signway finds out by itself.`,
      quantities: REQUEST_COST,
      references: [nginxPlain().name, bareBun().name],
      groups,
    };
  },
};

async function measure(protocol: string, effort: Effort): Promise<Group[]> {
  await using stack = new AsyncDisposableStack();
  const folder = await createBenchFolder(stack);
  const { http2, peers } = PROTOCOLS[protocol]!;
  const authority = stack.use(await createAuthority());
  const tls = { certificate: await authority.issue(), ca: authority.ca, http2 };
  const upstream = stack.use(await startUpstream(AUTHORIZATION, folder, tls));
  const addresses = { upstream: upstream.origin, fixedTarget: itemPath(0) };
  const setup = createSetup({ ...addresses, folder, ca: authority.caFile });
  const all = await signItemRequests(URLS, setup);
  const requests = await writeRequests(join(folder, "requests"), all);
  const cases: Case[] = [];
  for (const member of await startFleet(peers, setup, stack)) {
    await assertCorrect(member, all[7]!);
    if (http2 && member.peer.name !== nginxPlain().name) await assertHttp2(member, all[7]!);
    for (const connections of effort.smoke ? [32] : [32, 256]) {
      const group = `${protocol}, ${connections} connections`;
      cases.push({ member, group, load: { requests, connections } });
    }
  }
  return groupCases(await measureCosts(cases, upstream, effort));
}
