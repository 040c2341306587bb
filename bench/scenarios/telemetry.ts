import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, signItemRequests } from "../load/signed_request.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway } from "../peers/signway.ts";
import type { Group, Scenario } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";

const REQUESTS = 2000;
const CONNECTIONS = 32;
const SHARE = "0.1";
const OFF = "neither";
const METRICS = "metrics for Prometheus";
const BOTH = "metrics, and OTLP with 10 % of the traces";

export const telemetry: Scenario = {
  summary: "CPU time that metrics and OTLP add to a small signed GET",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const { setup, upstream } = await startTestBed(itemPath(0), stack);
    const all = await signItemRequests(REQUESTS, setup);
    const cases: Case[] = [];
    for (const member of await startFleet(await createPeers(stack), setup, stack)) {
      await assertCorrect(member, all[7]!, {});
      const requests = await writeRequests(join(member.folder, "requests"), all);
      const group = `${CONNECTIONS} connections, no access log`;
      cases.push({ member, group, load: { requests, connections: CONNECTIONS } });
    }
    const groups = groupCases(await measureCosts(cases, upstream, effort));
    return {
      title: "Telemetry",
      text: `${REQUESTS} different signed URLs over keep-alive connections, as in the table of small GETs. The collector of OTLP takes
everything at once. The second table has the differences of the rounds.`,
      quantities: REQUEST_COST,
      references: [OFF],
      groups: [...groups, ...groups.map(differences)],
    };
  },
};

async function createPeers(stack: AsyncDisposableStack): Promise<Peer[]> {
  const collector = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => new Response((await request.bytes()).length > 0 ? "" : "empty"),
  });
  stack.defer(() => collector.stop(true));
  const admin = async () => [...NO_LOG, "--admin", `127.0.0.1:${await freePort()}`];
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.origin,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: SHARE,
  };
  return [
    signway(OFF, { flags: NO_LOG }),
    signway(METRICS, { flags: await admin() }),
    signway(BOTH, { flags: await admin(), env }),
  ];
}

/** What each row takes more than the one without telemetry, in the same round. */
function differences({ title, series }: Group): Group {
  const [off, ...others] = series;
  const base = off?.samples["cpu"] ?? [];
  const rows = others.map(({ name, samples }) => ({
    name,
    samples: { cpu: (samples["cpu"] ?? []).map((cpu, round) => cpu - base[round]!) },
  }));
  return { title: `more than without, ${title}`, series: rows };
}
