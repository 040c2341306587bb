import { join } from "node:path";
import type { BodyUpstreamHandlers } from "../bodies/upstream.ts";
import { assertCorrect } from "../load/correctness.ts";
import { startHelper } from "../load/helper_process.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, type SignedContent, signItemRequests } from "../load/signed_request.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nginxNjs, nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, createBenchFolder, createSetup } from "../setup/test_bed.ts";

const PEERS = [signway("Signway", { flags: NO_LOG }), nginxNjs(), nginxPlain(), bareBun()];
const REFERENCES = [nginxNjs().name, bareBun().name];
const BODIES = { "1 kB": 1e3, "1 MB": 1e6, "10 MB": 1e7 };

/** Requests of one size. */
interface RequestSize {
  /** The title of the group. */
  title: string;
  /** The position on the axis of growth. */
  x: number;
  /** The number of different requests. */
  urls: number;
  connections: number;
  /** The content of the `index`th request. */
  contentOf: (index: number) => SignedContent;
}

export const growthHeaders: Scenario = {
  summary: "CPU time of a small signed GET with 0, 8 and 100 signed headers",
  run: async (effort) => ({
    title: "Growth: signed headers",
    text: `Small GETs whose URLs sign so many headers of about 30 bytes; each goes on to the upstream.`,
    growth: "signed headers",
    quantities: REQUEST_COST,
    references: REFERENCES,
    groups: await measure([0, 8, 100].map(createHeaderSize), effort),
  }),
};

export const growthBodies: Scenario = {
  summary: "CPU time of a POST with a signed body of 1 kB, 1 MB and 10 MB",
  run: async (effort) => ({
    title: "Growth: signed bodies",
    text: `POSTs whose body is signed, so that it has to be read whole before anything goes on; 8 connections, 4 for 10 MB.
The upstream reads every byte. *Plain proxy* and *bare Bun pass-through* let the bytes pass as they come.`,
    growth: "bytes of signed body",
    quantities: REQUEST_COST,
    references: REFERENCES,
    groups: await measure(
      Object.entries(BODIES)
        .slice(0, effort.smoke ? 2 : 3)
        .map(createBodySize),
      effort,
    ),
  }),
};

function createHeaderSize(count: number): RequestSize {
  const names = Array.from({ length: count }, (_, index) => {
    return `x-field-${`${index}`.padStart(3, "0")}`;
  });
  const contentOf = (index: number) => ({
    headers: Object.fromEntries(names.map((name) => [name, `value ${index} of ${name}`])),
  });
  return { title: `${count} signed headers`, x: count, urls: 200, connections: 32, contentOf };
}

function createBodySize([title, bytes]: [string, number]): RequestSize {
  const contentOf = (index: number) => ({
    method: "POST",
    body: `${index}`.padEnd(bytes, "data "),
  });
  // All bodies together stay below the default of `max_unverified_bytes`.
  const connections = bytes > 1e6 ? 4 : 8;
  return { title, x: bytes, urls: bytes > 1e5 ? 4 : 200, connections, contentOf };
}

async function measure(sizes: readonly RequestSize[], effort: Effort): Promise<Group[]> {
  ensurePackages();
  await using stack = new AsyncDisposableStack();
  const folder = await createBenchFolder(stack);
  const server = stack.use(startHelper<BodyUpstreamHandlers>("bodies/upstream.ts", AUTHORIZATION));
  const upstream = `http://127.0.0.1:${await server.call("port")}`;
  const setup = createSetup({ upstream, folder, fixedTarget: itemPath(0) });
  const members = await startFleet(PEERS, setup, stack);
  const cases: Case[] = [];
  for (const { title, x, urls, connections, contentOf } of sizes) {
    const all = await signItemRequests(urls, setup, contentOf);
    const requests = await writeRequests(join(folder, `${x}`), all);
    for (const member of members) {
      await assertCorrect(member, all[0]!);
      cases.push({ member, group: title, x, load: { requests, connections } });
    }
  }
  const counter = { requests: () => server.call("requests") };
  return groupCases(await measureCosts(cases, counter, effort));
}
