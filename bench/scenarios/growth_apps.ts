import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, signedRequest } from "../load/signed.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import { startUpstream } from "../peers/upstream.ts";
import type { Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, benchFolder, CREDENTIAL } from "./bench_folder.ts";

const COUNTS = [1, 100, 10_000];
const URLS = 2000;

export const growthApps: Scenario = {
  summary: "CPU time of a small signed GET with 1, 100 and 10,000 apps in the configuration",
  async run(effort) {
    ensurePackages();
    await using stack = new AsyncDisposableStack();
    const folder = await benchFolder(stack);
    const upstream = stack.use(await startUpstream(AUTHORIZATION, folder));
    const setup = {
      ...CREDENTIAL,
      upstream: upstream.origin,
      fixedTarget: itemPath(0),
      authorization: AUTHORIZATION,
      folder,
    };
    const [bare] = await startFleet([bareBun()], setup, stack);
    const cases: Case[] = [];
    for (const count of effort.smoke ? COUNTS.slice(0, 2) : COUNTS) {
      const all = await Promise.all(
        Array.from({ length: URLS }, (_, index) => {
          // Spread over all of them.
          const app = appOf(Math.floor((index * count) / URLS));
          return signedRequest(itemPath(index), { ...app, upstream: upstream.origin });
        }),
      );
      const requests = await writeRequests(join(folder, `${count}`), all);
      const peer = signway("Signway", {
        flags: NO_LOG,
        configure: (...given) => configurationOf(count, ...given),
      });
      const [member] = await startFleet([peer], setup, stack);
      await assertCorrect(member!, all.at(-1)!);
      const title = `${count.toLocaleString("en")} app${count > 1 ? "s" : ""}`;
      const common = { group: title, x: count, load: { requests, connections: 32 } };
      cases.push({ ...common, member: member! }, { ...common, member: bare! });
    }
    // What is looked for is smaller than what one round is off by.
    const longer = { ...effort, rounds: effort.smoke ? 1 : effort.rounds * 2 };
    return {
      title: "Growth: apps",
      text: `${URLS.toLocaleString("en")} different URLs, signed by as many of the apps as there are; each app has a secret, a rule and
a header of its own. ${longer.rounds} rounds. The pass-through knows no apps: it shows how far the rounds are apart.`,
      growth: "apps in the configuration",
      quantities: REQUEST_COST,
      references: [bareBun().name],
      groups: groupCases(await measureCosts(cases, upstream, longer)),
    };
  },
};

function appOf(index: number) {
  return { id: `app-${index}`, secret: `${CREDENTIAL.secret}-${index}` };
}

function configurationOf(count: number, upstream: string, authorization: string): string {
  const app = Array.from({ length: count }, (_, index) => {
    const { id, secret } = appOf(index);
    const rule = { url: `${upstream}/v1`, headers: { Authorization: authorization } };
    return { id, secrets: [secret], upstream: [rule] };
  });
  return JSON.stringify({ app });
}
