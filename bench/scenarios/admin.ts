import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath } from "../load/signed_request.ts";
import { createTokenRequests } from "../load/token_requests.ts";
import { freePort } from "../measure/processes.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Group, Scenario } from "../scenario.ts";
import { CREDENTIAL, startTestBed } from "../setup/test_bed.ts";

const REQUESTS = 2000;
const CONNECTIONS = 32;
const OFF = "Signway, no admin listener";
const METRICS = "Signway, metrics";
const API = "Signway, metrics and the admin API";
const GROUPS = { "one process": 1, "two workers": 2 };

export const admin: Scenario = {
  summary: "CPU time of a request with the metrics, and with the admin API",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const { folder, upstream, setup } = await startTestBed(itemPath(0), stack);
    const all = await createTokenRequests(REQUESTS, setup);
    const requests = await writeRequests(join(folder, "requests"), all);
    const cases: Case[] = [];
    for (const [group, workers] of Object.entries(GROUPS)) {
      const peers = await Promise.all([OFF, METRICS, API].map((name) => peerOf(name, workers)));
      for (const member of await startFleet(peers, setup, stack)) {
        await assertCorrect(member, all[7]!);
        cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
      }
    }
    return {
      title: "The admin API",
      text: `${REQUESTS} requests over ${CONNECTIONS} keep-alive connections, each with an access token and an end user of its own, while nobody
looks at the API. No access log.`,
      quantities: [...REQUEST_COST, { key: "more", label: "µs more than with metrics" }],
      references: [METRICS],
      groups: groupCases(await measureCosts(cases, upstream, effort)).map(withDifferences),
    };
  },
};

/** Adds the differences of rows that were measured one after the other. */
function withDifferences(group: Group): Group {
  const { cpu = [] } = group.series.find(({ name }) => name === METRICS)!.samples;
  const series = group.series.map(({ name, samples }) => ({
    name,
    samples: { ...samples, more: samples["cpu"]!.map((it, round) => it - cpu[round]!) },
  }));
  return { ...group, series };
}

async function peerOf(name: string, workers: number): Promise<Peer> {
  const { id, secret } = CREDENTIAL;
  const port = await freePort();
  return signway(name, {
    flags: [...NO_LOG, "--workers", `${workers}`],
    createConfig: (upstream, authorization) =>
      JSON.stringify({
        ...(name !== OFF && { admin: `127.0.0.1:${port}` }),
        ...(name === API && { admin_token: "a-token-of-an-operator" }),
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
