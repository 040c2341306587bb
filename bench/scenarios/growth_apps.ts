import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import { createSignedRequest, itemPath } from "../load/signed_request.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nativeFloor, nativeFloorOf } from "../peers/native_floor.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Scenario } from "../scenario.ts";
import { CREDENTIAL, startTestBed, type TestBed } from "../setup/test_bed.ts";

const COUNTS = [1, 100, 10_000];
const URLS = 2000;

export const growthApps: Scenario = {
  summary: "CPU time of a small signed GET with 1, 100 and 10,000 apps in the configuration",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const bed = await startTestBed(itemPath(0), stack);
    const cases = await startCases(bed, effort, stack);
    // The expected difference is smaller than the error of one round.
    const longer = { ...effort, rounds: effort.smoke ? 1 : effort.rounds * 2 };
    return {
      title: "Growth: apps",
      text: `${URLS.toLocaleString("en")} different URLs, signed by as many of the apps as there are; each app has a secret, a rule and
a header of its own. ${longer.rounds} rounds. *${nativeFloor.name}* keeps the same apps and the keys of those that call: with thousands
of them, what belongs to the next request is seldom in the processor's cache. The pass-through knows no apps: it shows how far
the rounds are apart.`,
      growth: "apps in the configuration",
      quantities: REQUEST_COST,
      references: [nativeFloor.name, bareBun().name],
      groups: groupCases(await measureCosts(cases, bed.upstream, longer)),
    };
  },
};

async function startCases(
  { folder, setup }: TestBed,
  { smoke }: Effort,
  stack: AsyncDisposableStack,
): Promise<Case[]> {
  const [bare] = await startFleet([bareBun()], setup, stack);
  const cases: Case[] = [];
  for (const count of smoke ? COUNTS.slice(0, 2) : COUNTS) {
    const all = await signForApps(count, setup.upstream);
    const requests = await writeRequests(join(folder, `${count}`), all);
    const createConfig = (upstream: string, authorization: string): string =>
      createAppsConfig(count, upstream, authorization);
    const peers = [
      signway("Signway", { flags: NO_LOG, createConfig }),
      nativeFloorOf(createConfig),
    ];
    const members = await startFleet(peers, setup, stack);
    for (const member of members) await assertCorrect(member, all.at(-1)!);
    const group = `${count.toLocaleString("en")} app${count > 1 ? "s" : ""}`;
    const common = { group, x: count, load: { requests, connections: 32 } };
    cases.push(...[...members, bare!].map((member) => ({ ...common, member })));
  }
  return cases;
}

/** Signs a request for each URL, spread over so many apps. */
function signForApps(count: number, upstream: string): Promise<WireRequest[]> {
  const requests = Array.from({ length: URLS }, (_, index) => {
    const credential = createCredential(Math.floor((index * count) / URLS));
    return createSignedRequest(itemPath(index), { ...credential, upstream });
  });
  return Promise.all(requests);
}

function createCredential(app: number) {
  return { id: `app-${app}`, secret: `${CREDENTIAL.secret}-${app}` };
}

function createAppsConfig(count: number, upstream: string, authorization: string): string {
  const app = Array.from({ length: count }, (_, index) => {
    const { id, secret } = createCredential(index);
    const rule = { url: `${upstream}/v1`, headers: { Authorization: authorization } };
    return { id, secrets: [secret], upstream: [rule] };
  });
  return JSON.stringify({ app });
}
