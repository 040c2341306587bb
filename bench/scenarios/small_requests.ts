import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { type WireRequest, writeRequests } from "../load/requests.ts";
import {
  createSignedRequest,
  itemPath,
  type SignedContent,
  type Signer,
  signItemRequests,
} from "../load/signed_request.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import { nativeFloor } from "../peers/native_floor.ts";
import { nginxNjs, nginxPlain } from "../peers/nginx.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Effort, Result, Scenario } from "../scenario.ts";
import { startTestBed, type TestBed } from "../setup/test_bed.ts";

const ACCESS_LOG = "each with its access log, to a file";
const NO_ACCESS_LOG = "no access log";

/** Every row is measured beside rows that log as it does. A gateway that is started without flags has its log. */
const FLEETS = {
  [ACCESS_LOG]: () => [
    signway(),
    nginxNjs("nginx with njs", { log: true }),
    nginxPlain("nginx, plain proxy", { log: true }),
  ],
  [NO_ACCESS_LOG]: ({ nativeFloorRow }: Kind) => [
    signway("Signway", { flags: NO_LOG }),
    nginxNjs(),
    nginxPlain(),
    bareBun(),
    ...(nativeFloorRow ? [nativeFloor] : []),
    direct,
  ],
};
const REFERENCES = [nginxNjs().name, nativeFloor.name, bareBun().name, nginxPlain().name];
const URLS = 2000;
const TEXT = `${URLS} different signed URLs over keep-alive connections, one worker process each; the
answer is about 120 bytes of JSON. *nginx with njs* verifies the same signature in JavaScript and injects
the same header; *plain proxy* and *bare Bun pass-through* verify nothing.`;
const FLOOR_TEXT = `
*${nativeFloor.name}* is a server in Bun that verifies the same signature with WebCrypto, injects the same header and sets
the same headers of the answer, and does nothing else that a gateway does: what it costs is the runtime's.`;

/** One kind of small request. */
interface Kind {
  title: string;
  /** The content of the `index`th request. */
  contentOf: (index: number) => SignedContent;
  /** The numbers of connections to measure. */
  connections: number[];
  /** Whether the least that a gateway in Bun can cost is a row, which knows GET alone. */
  nativeFloorRow?: true;
}

export const smallGet: Scenario = {
  summary: "CPU time of a signed GET request with an answer of about 120 bytes",
  run: (effort) =>
    run(
      {
        title: "Small signed GETs",
        contentOf: () => ({}),
        connections: [1, 32, 256],
        nativeFloorRow: true,
      },
      effort,
    ),
};

export const smallPost: Scenario = {
  summary: "the same for a POST request with a signed body of about 200 bytes",
  run: (effort) =>
    run(
      {
        title: "Small signed POSTs with a signed body",
        contentOf: createPostContent,
        connections: [32],
      },
      effort,
    ),
};

function createPostContent(index: number): SignedContent {
  const body = JSON.stringify({ index, prompt: "a question of some length ".repeat(6) });
  return { method: "POST", headers: { "content-type": "application/json" }, body };
}

async function run(kind: Kind, effort: Effort): Promise<Result> {
  await using stack = new AsyncDisposableStack();
  const bed = await startTestBed(itemPath(0), stack);
  const cases = await startCases(kind, bed, effort, stack);
  const groups = groupCases(await measureCosts(cases, bed.upstream, effort));
  const { title, nativeFloorRow } = kind;
  const text = nativeFloorRow ? TEXT + FLOOR_TEXT : TEXT;
  return { title, text, quantities: REQUEST_COST, references: REFERENCES, groups };
}

async function startCases(
  kind: Kind,
  { folder, setup }: TestBed,
  { quick, smoke }: Effort,
  stack: AsyncDisposableStack,
): Promise<Case[]> {
  const { contentOf, connections } = kind;
  const all = await signItemRequests(URLS, setup, contentOf);
  const refused = await createRefusedRequests(setup, contentOf(7));
  const requests = await writeRequests(join(folder, "requests"), all);
  const cases: Case[] = [];
  for (const [log, peersOf] of Object.entries(FLEETS)) {
    for (const member of await startFleet(peersOf(kind), setup, stack)) {
      await assertCorrect(member, all[7]!, refused);
      // The cost of a log does not depend on the number of connections.
      const counts = quick || smoke || log === ACCESS_LOG ? [32] : connections;
      for (const count of counts) {
        const group = `${count} connection${count > 1 ? "s" : ""}, ${log}`;
        cases.push({ member, group, load: { requests, connections: count } });
      }
    }
  }
  return cases;
}

/** Requests that a verifying peer must refuse, by their descriptions. */
async function createRefusedRequests(
  signer: Signer,
  content: SignedContent,
): Promise<Record<string, WireRequest>> {
  const sign = (changed: Partial<Signer>) =>
    createSignedRequest(itemPath(7), { ...signer, ...changed }, content);
  const good = await sign({});
  const anHourAgo = { ...content, now: new Date(Date.now() - 3_700_000) };
  return {
    "a changed target": { ...good, target: good.target.replace("0007", "0008") },
    "an expired URL": await createSignedRequest(itemPath(7), signer, anHourAgo),
    "another secret": await sign({ secret: `${signer.secret}2` }),
    "another upstream": await sign({ upstream: "http://127.0.0.1:9" }),
    ...(content.body !== undefined && {
      "a changed body": { ...good, body: `${good.body}`.replace("7", "8") },
    }),
  };
}
