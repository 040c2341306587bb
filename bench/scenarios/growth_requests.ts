import { join } from "node:path";
import type { BodyUpstreamOrders } from "../bodies/upstream.ts";
import { assertCorrect } from "../load/correctness.ts";
import { startHelper } from "../load/helper_process.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, type Signed, signedRequest } from "../load/signed.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nginxNjs, nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, benchFolder, CREDENTIAL } from "./bench_folder.ts";

const PEERS = [signway("Signway", { flags: NO_LOG }), nginxNjs(), nginxPlain(), bareBun()];
const REFERENCES = [nginxNjs().name, bareBun().name];

/** One size of what grows. */
interface Size {
  title: string;
  x: number;
  /** How many different requests there are. */
  urls: number;
  connections: number;
  signed: (index: number) => Signed;
}

export const growthHeaders: Scenario = {
  summary: "CPU time of a small signed GET with 0, 8 and 100 signed headers",
  run: async (effort) => ({
    title: "Growth: signed headers",
    text: `Small GETs whose URLs sign so many headers of about 30 bytes; each goes on to the upstream.`,
    growth: "signed headers",
    quantities: REQUEST_COST,
    references: REFERENCES,
    groups: await measure([0, 8, 100].map(headersOf), effort),
  }),
};

export const growthBodies: Scenario = {
  summary: "CPU time of a POST with a signed body of 1 kB, 1 MB and 10 MB",
  run: async (effort) => ({
    title: "Growth: signed bodies",
    text: `POSTs whose body is signed, so that it has to be read whole before anything goes on; 8 connections.
The upstream reads every byte. *Plain proxy* and *bare Bun pass-through* let the bytes pass as they come.`,
    growth: "bytes of signed body",
    quantities: REQUEST_COST,
    references: REFERENCES,
    groups: await measure(
      Object.entries(BODIES)
        .slice(0, effort.smoke ? 2 : 3)
        .map(bodyOf),
      effort,
    ),
  }),
};

function headersOf(count: number): Size {
  const names = Array.from(
    { length: count },
    (_, index) => `x-field-${`${index}`.padStart(3, "0")}`,
  );
  const headers = (index: number) =>
    Object.fromEntries(names.map((name) => [name, `value ${index} of ${name}`]));
  const signed = (index: number) => ({ headers: headers(index) });
  return { title: `${count} signed headers`, x: count, urls: 200, connections: 32, signed };
}

const BODIES = { "1 kB": 1e3, "1 MB": 1e6, "10 MB": 1e7 };

function bodyOf([title, bytes]: [string, number]): Size {
  const signed = (index: number) => ({ method: "POST", body: `${index}`.padEnd(bytes, "data ") });
  return { title, x: bytes, urls: bytes > 1e5 ? 4 : 200, connections: 8, signed };
}

async function measure(sizes: readonly Size[], effort: Effort): Promise<Group[]> {
  ensurePackages();
  await using stack = new AsyncDisposableStack();
  const folder = await benchFolder(stack);
  const server = stack.use(startHelper<BodyUpstreamOrders>("bodies/upstream.ts", AUTHORIZATION));
  const signer = { ...CREDENTIAL, upstream: `http://127.0.0.1:${await server.ask("port")}` };
  const setup = { ...signer, fixedTarget: itemPath(0), authorization: AUTHORIZATION, folder };
  const members = await startFleet(PEERS, setup, stack);
  const cases: Case[] = [];
  for (const { title, x, urls, connections, signed } of sizes) {
    const all = await Promise.all(
      Array.from({ length: urls }, (_, index) =>
        signedRequest(itemPath(index), signer, signed(index)),
      ),
    );
    const requests = await writeRequests(join(folder, `${x}`), all);
    for (const member of members) {
      await assertCorrect(member, all[0]!);
      cases.push({ member, group: title, x, load: { requests, connections } });
    }
  }
  return groupCases(await measureCosts(cases, { requests: () => server.ask("requests") }, effort));
}
