import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import { itemPath, signedRequest, type Signed } from "../load/signed.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nginxNjs, nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import { startUpstream } from "../peers/upstream.ts";
import type { Effort, Result, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { AUTHORIZATION, benchFolder, CREDENTIAL } from "./bench_folder.ts";

const NO_ACCESS_LOG = "no access log";

/** Every row is measured beside those that log as it does. */
const FLEETS = {
  [NO_ACCESS_LOG]: [
    signway("Signway", { flags: NO_LOG }),
    nginxNjs(),
    nginxPlain(),
    bareBun(),
    direct,
  ],
  "each with its access log, to a file": [
    signway(),
    nginxNjs("nginx with njs", { log: true }),
    nginxPlain("nginx, plain proxy", { log: true }),
  ],
};
const REFERENCES = [nginxNjs().name, bareBun().name, nginxPlain().name];
const URLS = 2000;

export const smallGet: Scenario = {
  summary: "CPU time of a signed GET request with an answer of about 120 bytes",
  run: (effort) => run(effort, "Small signed GETs", () => ({}), [1, 32, 256]),
};

export const smallPost: Scenario = {
  summary: "the same for a POST request with a signed body of about 200 bytes",
  run: (effort) => run(effort, "Small signed POSTs with a signed body", postOf, [32]),
};

function postOf(index: number): Signed {
  const body = JSON.stringify({ index, prompt: "a question of some length ".repeat(6) });
  return { method: "POST", headers: { "content-type": "application/json" }, body };
}

async function run(
  effort: Effort,
  title: string,
  signedOf: (index: number) => Signed,
  connections: number[],
): Promise<Result> {
  ensurePackages();
  await using stack = new AsyncDisposableStack();
  const folder = await benchFolder(stack);
  const upstream = stack.use(await startUpstream(AUTHORIZATION, folder));
  const signer = { ...CREDENTIAL, upstream: upstream.origin };
  const setup = { ...signer, fixedTarget: itemPath(0), authorization: AUTHORIZATION, folder };
  const all = await Promise.all(
    Array.from({ length: URLS }, (_, index) =>
      signedRequest(itemPath(index), signer, signedOf(index)),
    ),
  );
  const bad = await refusable(signer, signedOf(7));
  const requests = await writeRequests(join(folder, "requests"), all);
  const cases: Case[] = [];
  for (const [log, peers] of Object.entries(FLEETS)) {
    for (const member of await startFleet(peers, setup, stack)) {
      await assertCorrect(member, all[7]!, bad);
      // What a log costs does not depend on how many ask.
      const counts = effort.quick || effort.smoke || log !== NO_ACCESS_LOG ? [32] : connections;
      for (const count of counts) {
        const group = `${count} connection${count > 1 ? "s" : ""}, ${log}`;
        cases.push({ member, group, load: { requests, connections: count } });
      }
    }
  }
  const groups = groupCases(await measureCosts(cases, upstream, effort));
  groups.sort((a, b) => Number.parseInt(a.title) - Number.parseInt(b.title));
  const text = `${URLS} different signed URLs over keep-alive connections, one worker process each; the
answer is about 120 bytes of JSON. *nginx with njs* verifies the same signature in JavaScript and injects
the same header; *plain proxy* and *bare Bun pass-through* verify nothing.`;
  return { title, text, quantities: REQUEST_COST, references: REFERENCES, groups };
}

async function refusable(
  signer: Parameters<typeof signedRequest>[1],
  signed: Signed,
): Promise<Record<string, WireRequest>> {
  const sign = (changed: object, path = itemPath(7)) =>
    signedRequest(path, { ...signer, ...changed }, signed);
  const good = await sign({});
  const anHourAgo = { ...signed, now: new Date(Date.now() - 3_700_000) };
  return {
    "a changed target": { ...good, target: good.target.replace("0007", "0008") },
    "an expired URL": await signedRequest(itemPath(7), signer, anHourAgo),
    "another secret": await sign({ secret: `${signer.secret}2` }),
    "another upstream": await sign({ upstream: "http://127.0.0.1:9" }),
    ...(signed.body !== undefined && {
      "a changed body": { ...good, body: `${good.body}`.replace("7", "8") },
    }),
  };
}
