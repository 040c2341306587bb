import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath } from "../load/signed_request.ts";
import { createTokenRequests } from "../load/token_requests.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { CREDENTIAL, startTestBed } from "../setup/test_bed.ts";
import {
  type CaseByTurns,
  measurePart,
  PART_COST,
  SECONDS,
  withTurns,
} from "../part_cost/measure_part.ts";
import { TURN_MS } from "../part_cost/turn.ts";

const REQUESTS = 2000;
const OFF = "Signway, no admin listener";
const METRICS = "Signway, metrics";
const API = "Signway, metrics and the admin API";
const TURNS = "the admin API, by turns";
const NO_PART = "as by turns, without the admin API";
const GROUPS = [
  { title: "one process", workers: 1, connections: 32 },
  { title: "two workers", workers: 2, connections: 256 },
];

const TEXT = `${REQUESTS} requests, each with an access token and an end user of its own, while nobody looks at the API. No access log. One
process has 32 keep-alive connections. Two workers have 256, because the kernel deals connections out by chance: of few, one
worker gets many more than the other, and what a request costs depends on how many come together. Two processes of the same
program differ by more than the API takes, so its cost is measured within one process. For turns of ${TURN_MS} ms, in random order, the
process does what the API needs for an exchange, or leaves it out. A round has ${SECONDS} seconds. *An exchange* is the difference
between both kinds of turns. *Handing on* is what the gateway does with its counts every 5 seconds. *The supervisor*, which is the
process above the workers, is compared with that of a gateway without the API, for as long. *The part* is the sum.`;

export const admin: Scenario = {
  summary: "CPU time of a request with the metrics, and with the admin API",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const bed = await startTestBed(itemPath(0), stack);
    const all = await createTokenRequests(REQUESTS, bed.setup);
    const requests = await writeRequests(join(bed.folder, "requests"), all);
    const cases: Case[] = [];
    const byTurns: CaseByTurns[] = [];
    for (const { title: group, workers, connections } of GROUPS) {
      const load = { requests, connections: effort.smoke ? 8 : connections };
      const turns = join(bed.folder, `turns of ${group}`);
      const names = [OFF, METRICS, API, TURNS, ...(workers > 1 ? [NO_PART] : [])];
      const peers = await Promise.all(names.map((name) => peerOf(name, workers, turns)));
      const fleet = await startFleet(peers, bed.setup, stack);
      for (const member of fleet) await assertCorrect(member, all[7]!);
      const caseOf = (name: string): Case => {
        const member = fleet.find(({ peer }) => peer.name === name)!;
        return { member, group, load };
      };
      cases.push(...[OFF, METRICS, API].map(caseOf));
      byTurns.push({ ...caseOf(TURNS), turns, ...(workers > 1 && { without: caseOf(NO_PART) }) });
    }
    const costs = await measureCosts(cases, bed.upstream, effort);
    const parts = await measurePart(byTurns, effort);
    return {
      title: "The admin API",
      text: TEXT,
      quantities: [...REQUEST_COST, ...PART_COST],
      references: [METRICS],
      groups: groupCases(new Map([...costs, ...parts])),
    };
  },
};

async function peerOf(name: string, workers: number, turns: string): Promise<Peer> {
  const { id, secret } = CREDENTIAL;
  const port = await freePort();
  return signway(name, {
    flags: [...NO_LOG, "--workers", `${workers}`],
    ...((name === TURNS || name === NO_PART) && withTurns("admin_part.ts", turns)),
    createConfig: (upstream, authorization) =>
      JSON.stringify({
        ...(name !== OFF && { admin: `127.0.0.1:${port}` }),
        ...((name === API || name === TURNS) && { admin_token: "a-token-of-an-operator" }),
        app: [
          {
            id,
            secrets: [secret],
            upstream: [{ url: `${upstream}/v1`, headers: { Authorization: authorization } }],
          },
        ],
      }),
  });
}
